"""LangGraph: state, nodes, graph; `Runner.decide` records a decision and resumes, for every edge."""
