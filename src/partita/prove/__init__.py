"""Who can check it? An append-only log of commitments that anybody can verify, and the proofs drawn from it.

Pure but for the log's folder and the witness's file: no clock, no chance, no network; times, salts and keys are given.
Formats: signed-note and tlog-{checkpoint, cosignature, tiles, proof, witness} of c2sp.org over RFC 6962 hashing.
"""

from partita.prove.batch import Batch, Receipt, open_in
from partita.prove.checkpoint import Accepted, Checkpoint, Policy, accept
from partita.prove.commitment import Opening, canonical, commit
from partita.prove.entry import Entry
from partita.prove.faults import Fault
from partita.prove.log import Log, create_log, open_log
from partita.prove.note import SigningKey, VerifierKey, make_key, read_signing_key, read_verifier
from partita.prove.proof_file import Proof
from partita.prove.witness import Witness

__all__ = [
    "Accepted",
    "Batch",
    "Checkpoint",
    "Entry",
    "Fault",
    "Log",
    "Opening",
    "Policy",
    "Proof",
    "Receipt",
    "SigningKey",
    "VerifierKey",
    "Witness",
    "accept",
    "canonical",
    "commit",
    "create_log",
    "make_key",
    "open_in",
    "open_log",
    "read_signing_key",
    "read_verifier",
]
