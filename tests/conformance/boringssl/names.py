"""Names that OpenSSL gives to the numbers of the registries and to BoringSSL's words."""

GROUPS = {
    23: "prime256v1", 24: "secp384r1", 25: "secp521r1", 29: "x25519", 30: "x448",
    512: "MLKEM512", 513: "MLKEM768", 514: "MLKEM1024", 4587: "SecP256r1MLKEM768", 4588: "X25519MLKEM768",
    4589: "SecP384r1MLKEM1024",
}

# What OpenSSL calls a group of a connection, where it takes another name for a choice of groups too.
GROUP_ALIASES = {"secp256r1": "prime256v1"}

SIGNATURE_ALGORITHMS = {
    0x0201: "rsa_pkcs1_sha1", 0x0203: "ecdsa_sha1",
    0x0401: "rsa_pkcs1_sha256", 0x0403: "ecdsa_secp256r1_sha256",
    0x0501: "rsa_pkcs1_sha384", 0x0503: "ecdsa_secp384r1_sha384",
    0x0601: "rsa_pkcs1_sha512", 0x0603: "ecdsa_secp521r1_sha512",
    0x0804: "rsa_pss_rsae_sha256", 0x0805: "rsa_pss_rsae_sha384", 0x0806: "rsa_pss_rsae_sha512",
    0x0807: "ed25519", 0x0808: "ed448",
    0x0904: "mldsa44", 0x0905: "mldsa65", 0x0906: "mldsa87",
}

# Suites that the runner names as the registry does, where OpenSSL's cipher strings want its own name.
SUITES = {
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA": "ECDHE-ECDSA-AES256-SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA": "ECDHE-RSA-AES128-SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": "ECDHE-RSA-AES128-GCM-SHA256",
    "TLS_RSA_WITH_AES_128_GCM_SHA256": "AES128-GCM-SHA256",
}

# Without a -cipher: whatever has a certificate or a key known to both, by the old versions too, which the level admits.
ALL_SUITES = "ALL:!aNULL:!eNULL"
