"""What can be wrong with a usage log, one class for each, in words that a court understands; beside `prove.faults`."""

from __future__ import annotations

from partita.prove.faults import Fault


class MissingPlay(Fault):
    """A play for which a receipt was given is not in the closed day."""

    code = "missing_play"


class AlteredPlay(Fault):
    """In the place of a play for which a receipt was given, the closed day holds another."""

    code = "altered_play"


class CountDiffers(Fault):
    """The closed day counts fewer or more than was signed for."""

    code = "count_differs"


class ClosedTwice(Fault):
    """One day of one venue was closed into the log more than once."""

    code = "day_closed_twice"


class RewrittenDay(Fault):
    """The play is in the closed day, but plays before it are not what they were when its receipt was given."""

    code = "day_rewritten"


class NotClosed(Fault):
    """No closed day of this log begins as the receipt says: the day is open still, or was never closed."""

    code = "day_not_closed"


class OtherLog(Fault):
    """The receipt is of another log than the one asked about."""

    code = "receipt_of_another_log"


class AlteredRecord(Fault):
    """What was handed in is not the record that was committed to."""

    code = "altered_record"


class MissingBatch(Fault):
    """The list of commitments behind an entry is not published, or is not the one that the entry commits to."""

    code = "damaged_batch"


class NotInLog(Fault):
    """The log holds no such commitment."""

    code = "not_in_log"
