"""``link``: enterprises tied to land, how well it went, and what a review decided."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import TYPE_CHECKING

from landeval.cli.outcome import exit_code, returned
from landeval.cli.pipeline import carried_out, log_of, project_of
from landeval.console import insist, say

if TYPE_CHECKING:
    from landeval.project import Project
    from landeval.result import Result


def run_link(options: argparse.Namespace) -> int:
    """Tie enterprises to land, and show how well it went."""
    from landeval.publish.names import REVIEW
    from landeval.publish.outputs import write_matching

    project = project_of(options)
    assert project.out is not None
    out = project.out
    result, left = carried_out(
        project, lambda found, inputs, _: write_matching(found, out, inputs=inputs), log=log_of(options)
    )
    for text in left:
        insist(f"注意：{text}")
    _coverage(result)
    returned(result)
    say(f"\n待复核的匹配、两边未匹配的清单：{out / REVIEW}")
    say(f"每一对匹配的依据和分摊：{out / 'tables' / 'links.csv'}；金额对账：{out / 'tables' / 'ledger.csv'}")
    remember_review(result, project)
    return exit_code(result, options.strict)


def _coverage(result: Result) -> None:
    """Tell how much is tied, by method, and how much money that is."""
    from landeval.publish.labels import label_of
    from landeval.result import WAITING
    from landeval.units import fixed

    if result.meta.get("remark"):
        insist(f"注意：{result.meta['remark']}")
    for measure, rows in result.coverage.groupby("measure", sort=False):
        shown = label_of(str(measure), result.currency)
        *parts, whole = zip(rows["method"], rows["amount"], rows["of_total"], rows["grade"], strict=True)
        if not whole[3]:
            continue
        told = "、".join(f"{method} " + fixed(amount).removesuffix(".00") for method, amount, _, _ in parts)
        say(f"{shown}：匹配 {whole[2]:.1%}　{whole[3]}　（{told}）")
    waiting = int(result.links["state"].isin(WAITING).sum())
    say(f"待复核 {waiting} 对；金额对账差额 {_differences(result)}。")


def _differences(result: Result) -> str:
    return "全部为 0" if (result.ledger["difference"].astype(float) == 0).all() else "不为 0"


def remember_review(result: Result, project: Project) -> None:
    """Keep the decisions and notes of a review for the next run, and say where."""
    from landeval.publish.decisions import remember, remember_reviews

    today = dt.date.today()
    given = [source.path for source in project.sources_of("decisions")]
    memory = project.linking.memory
    has_decisions = any(path != memory for path in given) and bool(result.decisions["is_review"].any())
    has_notes = bool(result.review_record["reviewed_on"].isna().any())
    if (has_decisions or has_notes) and project.configured_in is None:
        say(
            "\n本次没有项目文件夹（里面有 landeval.toml 或 参数表.xlsx），复核决定、审核内容只用于本次；要长期记住，请建立项目后再交回。"
        )
        return
    if has_decisions and memory:
        count = remember(result.decisions, memory, today)
        say(f"\n复核决定已记住，共 {count} 条：{memory}（以后自动采用，不再询问）")
    if has_notes and project.review_memory:
        count = remember_reviews(result.review_record, project.review_memory, today)
        say(f"\n审核内容已记住，新增 {count} 条：{project.review_memory}（以后的清单中仍在，不影响结论）")
