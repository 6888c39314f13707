package teststate

import (
	"encoding/csv"
	"strings"

	"pawl.dev/asl"
	"pawl.dev/value"
)

// read makes the array of items of the text that an ItemReader would have read.
func read(r *asl.ItemReader, data string) (string, error) {
	switch r.InputType {
	case "CSV":
		return readCSV(r, data)
	case "JSONL":
		return readLines(data)
	}
	v, err := value.Parse(data, nil)
	if err != nil {
		return "", badData()
	}
	for _, step := range strings.Split(strings.TrimPrefix(r.ItemsPointer, "/"), "/") {
		if r.ItemsPointer != "" {
			v = v.Member(strings.NewReplacer("~1", "/", "~0", "~").Replace(step))
		}
	}
	if !v.Is(value.Array) && !v.Is(value.Object) {
		return "", badData()
	}
	return v.JSON(), nil
}

func badData() error { return invalid("Map item reader data must be valid for the ItemReader") }

func readLines(data string) (string, error) {
	var items []value.Value
	for line := range strings.Lines(data) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		v, err := value.Parse(line, nil)
		if err != nil {
			return "", badData()
		}
		items = append(items, v)
	}
	return value.NewArray(items).JSON(), nil
}

var delimiters = map[string]rune{"PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t'}

func readCSV(r *asl.ItemReader, data string) (string, error) {
	rows := csv.NewReader(strings.NewReader(data))
	rows.FieldsPerRecord, rows.LazyQuotes = -1, true
	if d, ok := delimiters[r.CSVDelimiter]; ok {
		rows.Comma = d
	}
	all, err := rows.ReadAll()
	if err != nil {
		return "", badData()
	}
	header := r.CSVHeaders
	if r.CSVHeaderLocation != "GIVEN" && len(all) > 0 {
		header, all = all[0], all[1:]
	}
	items := make([]value.Value, len(all))
	for i, row := range all {
		var item value.Builder
		for n, name := range header {
			field := ""
			if n < len(row) {
				field = row[n]
			}
			item.Set(name, value.Text(field))
		}
		items[i] = item.Object()
	}
	return value.NewArray(items).JSON(), nil
}
