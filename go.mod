module pawl.dev

go 1.26
