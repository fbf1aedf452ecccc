"""Twelve questions of an auditor, written down before anything was built to answer them. Each is
answered in a browser in under four clicks, from the page that opens after signing in.

 1. 今、契約に反する再委託が続いている機関はどこで、何件か。
 2. 職員の健康診断で契約に反した再委託は平成29年度に何件あり、どの契約か。
 3. 100%子会社への再委託で承認のないものはどれか。
 4. 2018年3月31日に年1回の検査を欠いていた契約は何件か、その根拠は何か。
 5. 再々委託以降で承認のないものはどれか。
 6. 複数の機関の所見に現れる事業者はどこで、その所見はどれか。
 7. 是正の期限を過ぎているものはどれで、担当は誰か。
 8. 90日以内に検査の期限が来るのはどの契約か。
 9. 一年前の同じ日と比べてどの条項の所見が増えたか、何が増えたか。
10. 2018年の改正によってはじめて生じた所見はどれか。
11. 一年以上続いている所見はどれか。
12. 年度と業務の種類ごとの契約件数は。そのうち一つの欄の契約はどれか。

A click is one on a link or a button, and so is a choice that is then sent: choosing and sending
are two. Typing into a field is none. The ledger is small, so that the answers are known from how
it was made.
"""
