"""The tests: engines without an app, a folder per feature, `house` for rules about the code, `e2e` in a browser."""
