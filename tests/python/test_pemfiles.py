"""Files as people have them, against what CPython over OpenSSL was recorded to make of them.

On CPython over OpenSSL itself the recording must be the answer in every cell.
"""

import json
import shutil
import ssl
import tempfile
import unittest

import pemfiles
import support

OURS = "SslModule" in ssl.OPENSSL_VERSION

# Where this engine does otherwise, and why: the readers, the shapes, the reason. Each time it loads what OpenSSL leaves out, or
# says that something is missing where CPython does not.
MARK = "a byte order mark is taken away wherever a part begins; OpenSSL looks for one, in the first line that it reads, and passes over a part behind any other"
NUL = "OpenSSL's reader of files takes a line that begins with NUL for the end of the file"
EMPTY = "CPython takes a part without data for the end of the text, and says nothing of the parts behind it"
FILES = ["chain", "key and chain", "bundle", "bundle with trust", "bundle with CRLs", "folder", "DH"]
KEYS = ["key", "PKCS #1 key", "encrypted key", "encrypted key of old"]
DIFFERENT = [
    (FILES + KEYS, ["BOM twice", "BOM after text"], MARK),
    (FILES + ["folder, the second of a file", "folder of CRLs"], ["NUL between"], NUL),
    (["chain"], ["DER first"], NUL),
    (["text"], ["an empty part last"], EMPTY),
]


def reason(name):
    for readers, shapes, why in DIFFERENT:
        reader, _, shape = name.partition(": ")
        if reader in readers and shape in shapes:
            return why
    return None


class TestPemFiles(support.TestCase):
    maxDiff = None

    def setUp(self):
        self.place = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.place)

    def test_every_cell(self):
        recorded = json.loads(support.read_file(support.data("pemfiles.json")).decode())
        seen, wrong, needless = set(), [], []
        for name, run in pemfiles.scenarios(self.place):
            seen.add(name)
            outcome, why = json.loads(json.dumps(run())), reason(name)
            if outcome != recorded[name] and (why is None or not OURS):
                wrong.append((name, outcome, recorded[name]))
            if outcome == recorded[name] and why is not None and OURS:
                needless.append(name)
        self.assertEqual(wrong, [])
        self.assertEqual(needless, [])
        self.assertEqual(seen, set(recorded))


if __name__ == "__main__":
    unittest.main()
