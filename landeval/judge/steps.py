"""The steps of Order 53 as a table: paper, clause, term, and what must have been done before."""

from __future__ import annotations

from dataclasses import dataclass

FEE, TAKE_BACK, NEGOTIATED, UNDECIDED = "征缴土地闲置费", "无偿收回", "协商处置", "原因待认定"
LOW_USE, WARNING = "低效用地处置", "逾期未动工预警"
IDLE_PATHS = (FEE, TAKE_BACK, NEGOTIATED, UNDECIDED)
BUREAU, HOLDER = "自然资源局", "国有建设用地使用权人"
PASSED_OVER = "后续文书已办而本步没有日期，请核对补登"
"""Said of a step that has no day although a later one has."""
MILESTONE = 900
"""Rows from this order on are days to watch, not steps."""


@dataclass(frozen=True)
class Step:
    """One step of a procedure.

    Attributes
    ----------
    key : str
        Stable name, part of a calendar entry's identity.
    order : int
        Place within the calendar of a parcel.
    label, action : str
        The step, and what is to be done in it.
    paper : str
        The document to be issued; empty where the law names none.
    paths : tuple of str
        For which the law gives this step.
    rule : str
        Id of the rule with clause and basis.
    done : str
        Field with the day on which it was done; empty where no field says so.
    after : str
        Key of the step that must be closed before.
    term, since : str
        Id of the rule with the term's days, and the field from which they count; empty: no legal term.
    responsible, duty : str
        Who acts, and what the holder of the land must do.
    is_side : bool
        Open beside the others: it holds up none of them.
    """

    key: str
    order: int
    label: str
    action: str
    paper: str
    paths: tuple[str, ...]
    rule: str
    done: str = ""
    after: str = ""
    term: str = ""
    since: str = ""
    responsible: str = BUREAU
    duty: str = ""
    is_side: bool = False


STEPS = (
    Step("notice", 10, "调查核实", "调查核实，发出《闲置土地调查通知书》", "闲置土地调查通知书", IDLE_PATHS,
         "procedure.investigation_days", "notice_served_on",
         term="procedure.investigation_days", since="found_on", duty="配合调查"),
    Step("material", 20, "权利人提交材料", "督促权利人提交开发利用情况和闲置原因材料", "", IDLE_PATHS,
         "procedure.material_days", "material_submitted_on", "notice",
         "procedure.material_days", "notice_served_on", HOLDER, "提供土地开发利用情况、闲置原因及说明材料"),
    Step("cause", 30, "认定闲置原因", "审核材料，认定闲置原因", "", (UNDECIDED,),
         "procedure.recognition", "", "material", duty="属政府原因或不可抗力的，提供证明材料", is_side=True),
    Step("recognition", 40, "认定", "构成闲置的，下达《闲置土地认定书》", "闲置土地认定书", IDLE_PATHS,
         "procedure.recognition", "idle_decision_served_on", "material"),
    Step("publication", 50, "向社会公开", "公开位置、使用权人名称、闲置时间，处置完毕前长期公开", "闲置土地情况告知书",
         IDLE_PATHS, "procedure.publication", "published_on", "recognition", is_side=True),
    Step("mortgagee", 60, "通知抵押权人", "书面通知抵押权人", "", (FEE, TAKE_BACK, NEGOTIATED),
         "procedure.mortgagee", "mortgagee_notified_on", "recognition", is_side=True),
    Step("supervision", 70, "录入监管系统", "补录土地市场动态监测与监管系统", "", (NEGOTIATED,),
         "procedure.supervision", "", "recognition"),
    Step("plan", 80, "拟订并报批处置方案", "与权利人协商，拟订处置方案，报本级人民政府批准", "闲置土地处置方案", (NEGOTIATED,),
         "procedure.plan", "plan_approved_on", "supervision", duty="协商选择第十二条的处置方式"),
    Step("agreement", 90, "签订处置协议", "按批准的方案签订协议", "处置协议（补充协议）", (NEGOTIATED,),
         "idle.negotiated", "agreement_signed_on", "plan", duty="签订协议"),
    Step("fee_hearing", 110, "告知听证权利（征缴）", "送达听证权利告知书（征缴闲置费）", "闲置土地处置听证权利告知书", (FEE,),
         "procedure.hearing", "hearing_notice_served_on", "recognition", duty="要求听证的，在告知书载明的期限内申请"),
    Step("fee_request", 120, "申请听证（征缴）", "依法组织听证", "", (FEE,),
         "procedure.hearing", "hearing_requested_on", "fee_hearing", responsible=HOLDER, is_side=True),
    Step("fee_approval", 130, "报批（征缴）", "报本级人民政府批准征缴土地闲置费", "", (FEE,),
         "idle.fee_rate", "plan_approved_on", "fee_hearing"),
    Step("fee_decision", 140, "决定征缴", "下达《征缴土地闲置费决定书》", "征缴土地闲置费决定书", (FEE,),
         "idle.fee_rate", "fee_decision_served_on", "fee_approval"),
    Step("payment", 150, "缴纳闲置费", "催缴土地闲置费", "", (FEE,),
         "procedure.payment_days", "fee_paid_on", "fee_decision",
         "procedure.payment_days", "fee_decision_served_on", HOLDER, "缴纳土地闲置费（不得列入生产成本）"),
    Step("fee_enforcement", 160, "逾期不缴", "复议、诉讼期限过后，申请人民法院强制执行", "", (FEE,),
         "procedure.enforcement", "", "fee_decision", is_side=True),
    Step("takeback_hearing", 210, "告知听证权利（收回）", "送达听证权利告知书（收回使用权）", "闲置土地处置听证权利告知书", (TAKE_BACK,),
         "procedure.hearing", "hearing_notice_served_on", "recognition", duty="要求听证的，在告知书载明的期限内申请"),
    Step("takeback_request", 220, "申请听证（收回）", "依法组织听证", "", (TAKE_BACK,),
         "procedure.hearing", "hearing_requested_on", "takeback_hearing", responsible=HOLDER, is_side=True),
    Step("takeback_approval", 230, "报批（收回）", "报有批准权的人民政府批准收回", "", (TAKE_BACK,),
         "idle.takeback_years", "plan_approved_on", "takeback_hearing"),
    Step("takeback_decision", 240, "决定收回", "下达《收回国有建设用地使用权决定书》", "收回国有建设用地使用权决定书", (TAKE_BACK,),
         "idle.takeback_years", "takeback_served_on", "takeback_approval"),
    Step("deregistration", 250, "注销登记、交回证书", "督促办理注销登记、交回土地权利证书", "", (TAKE_BACK,),
         "procedure.deregistration_days", "deregistered_on", "takeback_decision",
         "procedure.deregistration_days", "takeback_served_on", HOLDER, "办理使用权注销登记，交回土地权利证书"),
    Step("takeback_enforcement", 260, "逾期不注销", "复议、诉讼期限过后，直接公告注销登记和权利证书，或申请人民法院强制执行", "",
         (TAKE_BACK,), "procedure.enforcement", "", "takeback_decision", is_side=True),
    Step("visit", 310, "实地核查", "实地核查，纳入低效用地处置方案", "", (LOW_USE,),
         "lowuse.visit", "", responsible="自然资源局、园区管委会", duty="配合核查，说明用地和经营情况"),
    Step("low_use_plan", 320, "纳入低效用地处置方案", "纳入低效用地处置方案并组织实施", "低效用地处置方案", (LOW_USE,),
         "dongkou.low_use_plan", "plan_approved_on", "visit", responsible="自然资源局、园区管委会"),
)  # fmt: skip
"""In the order of the law; every step stands behind the one that it comes after."""

BY_KEY = {step.key: step for step in STEPS}
OF_FEE = tuple(step.key for step in STEPS if step.paths == (FEE,))
OF_TAKE_BACK = tuple(step.key for step in STEPS if step.paths == (TAKE_BACK,))
