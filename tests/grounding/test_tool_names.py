"""What is the name of a tool and what only says of which kind it is."""

from __future__ import annotations

import pytest

from agent.grounding.tool_names import names_a_tool

NAMES = """
GitHub Copilot
Copilot
copilot by GitHub
Copilot chat
AI Copilot
Microsoft 365 Copilot
dbt
dbt models
dlt
pandas
scikit-learn
n8n
o1
fast.ai
terraform
Terraform
Terraform modules
Claude Code
GPT-4
OpenAI models
vLLM
Honk
Notion AI
Vertex AI
C++
H2O
Data Engineering Agent
Google's Data Engineering Agent
the AI tool Kiro
AI agents such as Devin
Amazon Q Developer
Automation Anywhere
Gemini Code Assist
SageMaker HyperPod
""".strip().splitlines()
KINDS = """
AI
AI assistance
AI coding assistants
AI Coding Assistants
AI-assisted coding
AI-assisted pipeline management
AI's agents
LLMs
LLM-based agents
large language models
Machine Learning Models
GenAI tools
The AI tools
a copilot
AI copilots
Copilots
AI co-pilot
autopilot
code review bots
agentic systems
CI/CD pipelines
SQL generators
MLOps platforms
3 coding agents
2026
Data engineering agents
Engineering agents
data engineering agents
prompt engineering
pre-trained models
self-healing pipelines
customer helpdesk bots
the company's own AI coding tool
state-of-the-art LLMs
multi-agent systems
—
""".strip().splitlines()


@pytest.mark.parametrize("tool", NAMES)
def test_what_is_left_without_words_of_kinds_is_a_name(tool: str) -> None:
    assert names_a_tool(tool)


@pytest.mark.parametrize("tool", KINDS)
def test_a_kind_of_tool_is_no_name(tool: str) -> None:
    assert not names_a_tool(tool)


def test_blanks_and_invisible_characters_name_nothing_and_hide_nothing() -> None:
    assert not names_a_tool(" \u200b ")
    assert not names_a_tool("AI\u00a0 assis\u200btants")
    assert names_a_tool("Git\u200bHub\u00a0 Copilot")


@pytest.mark.parametrize(("tool", "named"), [("triage bots", True), ("Engineering Agent", True), ("SQL Server", False)])
def test_what_the_rule_says_it_cannot_see(tool: str, named: bool) -> None:
    assert names_a_tool(tool) is named
