"""Reading of settings: a toml, a 参数表, options and frames become one frozen Project."""
