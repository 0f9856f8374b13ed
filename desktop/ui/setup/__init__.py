"""The first start on an empty data folder: the questions, and the recovery sheet to print."""
