"""The clauses that rules ask about, as plain text: comparing with a member of ``Clause`` takes ten
times as long, and is done for every link there is."""

from outsourcing.models import Clause

FORBIDDEN = Clause.FORBIDDEN.value
PRIOR_APPROVAL = Clause.PRIOR_APPROVAL.value
PRIOR_NOTICE = Clause.PRIOR_NOTICE.value
