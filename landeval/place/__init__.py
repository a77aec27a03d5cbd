"""The three-level layout (集群 → 基地 → 社区) and its roll-ups."""
