"""The truth, in SQL: articles, passages, assessments, revisions, reviews, decisions, publications, audit."""
