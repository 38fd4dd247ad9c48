"""The capital-flow graph: Mermaid text in and out, a scenario's figures on it, and where its money comes from."""
