raise SystemExit("never run by the pages wing")
