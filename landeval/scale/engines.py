"""Who does the units' tasks: this process, one after another, or workers of dask.distributed; the same function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from landeval import __version__
from landeval.errors import ConfigurationError
from landeval.province import FAILED, Outcome
from landeval.scale.unit import Order, make_part

Told = Callable[[Outcome, int, int], None]
Task = Callable[[Order], Outcome]
RETRIES = 1
"""How often a worker may die over a unit before the unit is set aside, to be tried once more alone."""
WAIT = "30s"


def one_by_one(orders: Sequence[Order], told: Told) -> list[Outcome]:
    """Do the tasks in this process, in their order."""
    found = []
    for number, order in enumerate(orders, start=1):
        found.append(make_part(order))
        told(found[-1], number, len(orders))
    return found


def on_dask(
    orders: Sequence[Order],
    told: Told,
    *,
    workers: int = 2,
    scheduler: str | None = None,
    memory: str | None = None,
    client: Any = None,
    task: Task = make_part,
) -> list[Outcome]:
    """Do the tasks on workers of a cluster; a killed worker's unit is given to another.

    Only as many units are given out as there are workers, so that a unit that kills its worker takes no other
    along. One that did so ``RETRIES`` times more is tried alone at the end; then it is told as failed.

    Parameters
    ----------
    orders : sequence of Order
    told : callable
        Called with each outcome, how many are done, and how many there are.
    workers : int
        Processes of the local cluster.
    scheduler : str, optional
        Address of an existing one; its workers must see the same files at the same paths.
    memory : str, optional
        Limit of each process of the local cluster; by default its share of what the machine has.
    client : distributed.Client, optional
        A cluster that is there already.
    task : callable
        What is done with each order.

    Raises
    ------
    ConfigurationError
        E664 dask is not installed; E665 no cluster; E666 the workers run another version.
    """
    installed()
    if client is not None:
        return _given_out(orders, told, client, task)
    with cluster(workers, scheduler, memory) as found:
        return _given_out(orders, told, found, task)


def installed() -> None:
    """Refuse where dask.distributed is not installed (E664)."""
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise ConfigurationError(
            "没有安装分布式引擎 dask.distributed",
            where="--engine dask",
            remedy="请安装：pip install landeval[scale]；或用 --engine local 逐个单位运行，结果相同",
            code="E664",
        ) from error


@contextmanager
def cluster(workers: int, scheduler: str | None, memory: str | None) -> Iterator[Any]:
    """Give a client of the scheduler, or of a cluster of this machine that ends with it."""
    import dask
    from distributed import Client, LocalCluster

    settings = {
        "distributed.scheduler.allowed-failures": RETRIES,
        "distributed.worker.memory.terminate": 0.95,
        "distributed.comm.timeouts.connect": WAIT,
    }
    with dask.config.set(settings):
        if scheduler is not None:
            try:
                client = Client(scheduler, timeout=WAIT, set_as_default=False)
            except (OSError, ValueError, TimeoutError) as error:
                raise ConfigurationError(
                    f"连不上调度器（{type(error).__name__}）",
                    where=scheduler,
                    remedy="请核对地址（如 tcp://主机:8786）、调度器是否在运行、防火墙是否放行",
                    code="E665",
                ) from error
            with client:
                _same_program(client)
                yield client
            return
        try:
            cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                memory_limit=memory or memory_share(workers),
                dashboard_address=None,
                host="127.0.0.1",
                silence_logs=50,
            )
        except (OSError, ValueError, TimeoutError, RuntimeError) as error:
            raise ConfigurationError(
                f"本机的工作进程没有启动（{type(error).__name__}：{error}）",
                where="--engine dask",
                remedy="请核对 --workers、--memory（如 4GB）；或用 --engine local，结果相同",
                code="E665",
            ) from error
        with cluster, Client(cluster, set_as_default=False) as client:
            yield client


def _version() -> str:
    return __version__


def _same_program(client: Any) -> None:
    try:
        found = client.run(_version)
    except Exception as error:
        raise _other_program(f"{type(error).__name__}：{error}") from error
    if not found:
        raise ConfigurationError(
            "调度器没有工作进程",
            where=str(client.scheduler.address),
            remedy="请先启动工作进程：dask worker <调度器地址>",
            code="E665",
        )
    if other := sorted({version for version in found.values() if version != __version__}):
        raise _other_program("、".join(other))


def _other_program(found: str) -> ConfigurationError:
    return ConfigurationError(
        f"工作进程没有 landeval，或版本不同：{found}；这里是 {__version__}",
        where="--scheduler",
        remedy="请在各台机器安装同一版本的 landeval[scale]",
        code="E666",
    )


def _given_out(orders: Sequence[Order], told: Told, client: Any, task: Task) -> list[Outcome]:
    from distributed import KilledWorker, as_completed

    found: dict[str, Outcome] = {}
    waiting, suspects = list(reversed(orders)), []
    order_of: dict[Any, Order] = {}
    queue = as_completed(loop=client.loop, raise_errors=False)

    def give(order: Order, attempt: int) -> None:
        future = client.submit(task, order, key=f"{order.keeps}-{attempt}-{order.unit.name}", pure=False)
        order_of[future] = order
        queue.add(future)

    def note(outcome: Outcome) -> None:
        found[outcome.name] = outcome
        told(outcome, len(found), len(orders))

    for _ in range(max(1, len(client.nthreads()))):
        if waiting:
            give(waiting.pop(), 1)
    for future in queue:
        order = order_of.pop(future)
        error = future.exception() if future.status in ("error", "cancelled", "lost") else None
        if error is None and future.status == "finished":
            note(seen(future.result(), order))
        elif isinstance(error, KilledWorker):
            suspects.append(order)
        else:
            note(_lost(order, error))
        future.release()
        if waiting:
            give(waiting.pop(), 1)
    for order in suspects:  # alone: whoever dies now does so by itself
        give(order, 2)
        future = next(queue)
        order_of.pop(future)
        error = future.exception() if future.status != "finished" else None
        note(_lost(order, error) if error is not None else seen(future.result(), order))
        future.release()
    return [found[order.unit.name] for order in orders]


def seen(outcome: Outcome, order: Order) -> Outcome:
    """Make sure that a part written elsewhere stands here."""
    if outcome.state == FAILED or order.place.is_dir():
        return outcome
    return Outcome(
        order.unit.name,
        FAILED,
        "工作进程写了分片，这里看不到。各台机器须能用同一路径读写同一共享盘，请核对后用 --resume 重新运行",
    )


def _lost(order: Order, error: BaseException | None) -> Outcome:
    from distributed import KilledWorker

    if isinstance(error, KilledWorker):
        said = (
            f"处理这个单位的工作进程每次都被终止（共 {2 * (RETRIES + 1)} 次）：多半是内存不足，或资料使程序崩溃。"
            "请加大 --memory、减少 --workers，或用 landeval run 单独运行这个单位看是什么问题"
        )
    else:
        kind = type(error).__name__ if error is not None else "任务被取消"
        said = f"任务没有完成（{kind}：{error}）。请用 --resume 重新运行"
    return Outcome(order.unit.name, FAILED, said)


def memory_share(workers: int) -> int:
    """Return each process's share of nine tenths of the machine's memory [bytes]."""
    from distributed.system import MEMORY_LIMIT

    return int(MEMORY_LIMIT * 0.9 / max(workers, 1))
