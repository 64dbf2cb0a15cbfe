"""Whether what happened is what was expected."""

import re

# Each alert in the words of those who tell of it.
ALERTS = {
    "unknown_ca": ("unknown ca", "unknown certificate authority", "[48]", "alert(48)", "alert number 48", "unable to get local issuer"),
    "bad_certificate": ("bad certificate", "[42]", "certificate is bad", "alert number 42", "hostname mismatch"),
    "certificate_required": ("certificate required", "[116]", "certificate is required", "alert number 116"),
    "handshake_failure": ("handshake failure", "[40]", "handshake failed", "alert number 40"),
    "no_application_protocol": ("no application protocol", "[120]", "no supported application protocol", "alert number 120"),
    "certificate_unknown": ("certificate unknown", "[46]", "unknown certificate", "alert number 46"),
    "decrypt_error": ("decrypt error", "[51]", "alert number 51"),
    "certificate_expired": ("certificate expired",),
    "internal_error": ("internal error",),
    "decode_error": ("decode error",),
    "access_denied": ("access denied", "[49]"),
    "closed": ("eof", "reset by peer", "broken pipe", "aborted", "the end"),
}
# What our own end says when it is the one who refuses.
OWN = {
    "unknown_ca": ("unable to get local issuer certificate",),
    "bad_certificate": ("hostname mismatch",),
    "certificate_required": ("peer_did_not_return_a_certificate", "peer did not return a certificate"),
    "handshake_failure": ("peer_did_not_return_a_certificate", "peer did not return a certificate"),
    "no_application_protocol": ("no application protocol", "no_application_protocol"),
}


def plain(words):
    return re.sub(r"[\s_-]+", " ", words.lower())


def tells(words, alert, table=ALERTS):
    words = plain(words)
    return any(plain(word) in words for word in table[alert])


def trouble(case, peer, results, outcome):
    """Why a case failed, in one line; None where it passed."""
    if case.refusal:
        return refused(case, peer, results, outcome)
    expected = 2 if case.resume else 1
    if outcome is not None and outcome.well is False:
        return "the peer: %s; ours: %s" % (outcome.words.strip()[-200:], [result.get("error") for result in results])
    if len(results) != expected:
        return "%d connections of %d" % (len(results), expected)
    for number, result in enumerate(results):
        problem = result.get("error") or accepted(case, peer, result, number)
        if problem:
            return ("the second connection: " if number else "") + problem
    return None


def accepted(case, peer, result, number):
    last = number == (1 if case.resume else 0)
    if result.get("version") != case.dotted:
        return "version %s" % result.get("version")
    if last and result["received"] < case.size and not peer.client_mode == "reversed":
        return "%d bytes came" % result["received"]
    if case.peer_alpn and result["alpn"] != case.protocol:
        return "ALPN gave %s" % result["alpn"]
    if case.resume and last and not result["resumed"]:
        return "the session was not resumed"
    if case.role == "server" and case.client and result["name"] != case.client:
        return "the client's certificate is %s" % result["name"]
    if case.role == "server" and case.sni and result["sni"] != "localhost":
        return "the client asked for %s" % result["sni"]
    if case.role == "client" and result["name"] != ("chosen" if case.sni else "localhost"):
        return "the server's certificate is %s" % result["name"]
    if not result.get("closed"):
        return "the connection was not closed"
    return None


def refused(case, peer, results, outcome):
    who, alert = case.refusal
    said = (results[-1] if results else {}).get("error")
    if not said:
        return "not refused"
    if who == "us":
        if not tells(said, alert, OWN):
            return "refused with %s" % said
        if outcome is not None and outcome.well:
            return "the peer saw no refusal"
        if peer.tells_alerts and outcome is not None and outcome.words and not tells(outcome.words, alert):
            return "the peer did not see %s: %s" % (alert, outcome.words.strip()[-160:])
        return None
    if not any(tells(said, one) for one in peer.alerts.get(alert, (alert,))):
        return "refused, but with %s in place of %s" % (said, alert)
    return None
