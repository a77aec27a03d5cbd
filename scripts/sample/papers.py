"""The case files of a few idle parcels: which paper was served when."""

from __future__ import annotations

from datetime import date

HEADERS = {
    "发现线索日期": "found",
    "调查通知书文号": "notice_no",
    "调查通知书送达日期": "notice",
    "权利人提交材料日期": "material",
    "认定书送达日期": "recognised",
    "公示日期": "published",
    "抵押权人": "mortgagee",
    "书面通知抵押权人日期": "mortgagee_told",
    "是否已录入监管系统": "in_system",
    "听证权利告知书送达日期": "hearing",
    "听证申请日期": "hearing_asked",
    "处置方案批准日期": "approved",
    "征缴决定书送达日期": "fee_decided",
    "闲置费缴纳日期": "fee_paid",
    "收回决定书送达日期": "taken_back",
    "注销登记日期": "deregistered",
    "处置协议签订日期": "agreed",
    "处置协议约定动工日期": "agreed_start",
    "临时使用截止日期": "use_until",
}
"""Header of the ledger → name used here."""

FILES: dict[str, dict[str, object]] = {
    "只有线索": {"found": date(2024, 11, 20)},
    "等材料": {
        "found": date(2024, 11, 28),
        "notice_no": "虚构洞自然资闲调〔2024〕11号",
        "notice": date(2024, 12, 10),
    },
    "材料逾期": {
        "found": date(2024, 11, 4),
        "notice_no": "虚构洞自然资闲调〔2024〕9号",
        "notice": date(2024, 11, 22),
    },
    "待认定": {
        "found": date(2024, 8, 19),
        "notice_no": "虚构洞自然资闲调〔2024〕6号",
        "notice": date(2024, 9, 9),
        "material": date(2024, 10, 8),
        "in_system": "是",
        "mortgagee": "无",
    },
    "已决定征缴": {
        "found": date(2024, 6, 3),
        "notice": date(2024, 6, 20),
        "material": date(2024, 7, 16),
        "recognised": date(2024, 8, 15),
        "published": date(2024, 8, 23),
        "mortgagee": "虚构洞口农村合作银行",
        "mortgagee_told": date(2024, 9, 2),
        "in_system": "是",
        "hearing": date(2024, 9, 12),
        "approved": date(2024, 11, 26),
        "fee_decided": date(2024, 12, 5),
    },
    "已收费再满两年": {
        "found": date(2023, 2, 6),
        "notice": date(2023, 2, 20),
        "material": date(2023, 3, 15),
        "recognised": date(2023, 4, 14),
        "published": date(2023, 4, 24),
        "mortgagee": "无",
        "in_system": "是",
        "hearing": date(2023, 5, 8),
        "hearing_asked": date(2023, 5, 11),
        "approved": date(2023, 6, 5),
        "fee_decided": date(2023, 6, 12),
        "fee_paid": date(2023, 7, 25),
    },
    "已决定收回": {
        "found": date(2024, 1, 8),
        "notice": date(2024, 1, 22),
        "material": date(2024, 2, 20),
        "recognised": date(2024, 4, 11),
        "published": date(2024, 4, 18),
        "mortgagee": "虚构洞口农村合作银行",
        "in_system": "是",
        "hearing": date(2024, 6, 5),
        "approved": date(2024, 10, 9),
        "taken_back": date(2024, 10, 15),
    },
    "已签协议": {
        "found": date(2024, 4, 15),
        "notice": date(2024, 5, 6),
        "material": date(2024, 5, 30),
        "recognised": date(2024, 7, 2),
        "published": date(2024, 7, 9),
        "mortgagee": "无",
        "in_system": "是",
        "approved": date(2024, 9, 20),
        "agreed": date(2024, 10, 16),
        "use_until": date(2025, 3, 15),
    },
}
"""By the name that a case gives; the dates are fictitious."""
