package main

import "testing"

func TestPlace_find(t *testing.T) {
	t.Parallel()
	root := placesOfJSON(`{
  "States": {
    "A": {"Output": {
      "list": [1,
        {"x": 2}]}},
    "A/Output": {
      "list": 3},
    "B[0]": {
      "Next": "A"},
    "": {
      "Retry": [
        {"ErrorEquals":
          []}]}
  }
}`)
	tests := []struct {
		location string
		want     int
	}{
		{"/", 1},
		{"/States", 2},
		{"/States/A", 3},
		{"/States/A/Output/list", 4}, // the deeper reading, not the key "A/Output"
		{"/States/A/Output/list[1]", 5},
		{"/States/A/Output/list[1]/x", 5},
		{"/States/A/Output/list/1/x", 5},
		{"/States/A/Output/list[9]", 4}, // as far as it is known
		{"/States/B[0]/Next", 9},
		{"/States//Retry[0]/ErrorEquals", 12},
		{"/Nowhere/else", 1},
		{"", 1},
	}
	for _, tt := range tests {
		if got := root.find(tt.location).line; got != tt.want {
			t.Errorf("find(%q) is line %d, want %d", tt.location, got, tt.want)
		}
	}
}

func FuzzPlacesOfJSON(f *testing.F) {
	f.Add(`{"a": [1, {"b": null}], "": 2}`, "/a[1]/b")
	f.Add(`{"a" [`, "/a")
	f.Add(`[[[`, "[0]")
	f.Fuzz(func(t *testing.T, text, location string) {
		if len(text) > 1000 || len(location) > 100 {
			return
		}
		placesOfJSON(text).find(location)
	})
}
