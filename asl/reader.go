package asl

import (
	"slices"
	"strings"

	"pawl.dev/value"
)

const maxCSVHeaderBytes = 10 * 1024

// argumentsField is what a nested object calls its arguments in a language.
func argumentsField(l Language) string {
	if l == JSONata {
		return "Arguments"
	}
	return "Parameters"
}

// serviceResource reads a Resource that must be one of the given actions, in
// any partition.
func (o object) serviceResource(actions ...string) string {
	s := o.text("Resource")
	if !o.has("Resource") {
		return ""
	}
	partition, action, _ := strings.Cut(s, ":states:::")
	if !isPartition(partition) || !slices.Contains(actions, action) {
		o.failAt("Resource", "The field 'Resource' does not match any of the allowed values")
	}
	return s
}

var sourceFields = map[string]languages{
	"Resource": bothLanguages, "ReaderConfig": bothLanguages, "WriterConfig": bothLanguages,
	"Parameters": onlyJSONPath, "Arguments": onlyJSONata,
}

func (c *compiler) itemReader(st *State, o object) *ItemReader {
	in, ok := o.child("ItemReader")
	if !ok {
		return nil
	}
	in.allowFor(st.Language, sourceFields)
	if in.has("WriterConfig") {
		in.fail("Field 'WriterConfig' is not supported")
	}
	in.require("Resource")
	r := &ItemReader{
		Resource:  in.serviceResource("s3:getObject", "s3:listObjectsV2"),
		Arguments: c.templateField(st, in, argumentsField(st.Language), "ItemReader/", access{}),
	}
	if config, ok := in.child("ReaderConfig"); ok {
		c.readerConfig(st, r, config)
	}
	return r
}

func (c *compiler) readerConfig(st *State, r *ItemReader, o object) {
	o.allowFor(st.Language, map[string]languages{
		"InputType": bothLanguages, "Transformation": bothLanguages, "ManifestType": bothLanguages,
		"CSVDelimiter": bothLanguages, "CSVHeaderLocation": bothLanguages, "CSVHeaders": bothLanguages,
		"ItemsPointer": bothLanguages, "MaxItems": bothLanguages, "MaxItemsPath": onlyJSONPath,
	})
	r.InputType = o.enum("InputType", "CSV", "JSON", "JSONL", "PARQUET", "MANIFEST")
	r.Transformation = o.enum("Transformation", "NONE", "LOAD_AND_FLATTEN")
	r.ManifestType = o.enum("ManifestType", "ATHENA_DATA", "S3_INVENTORY")
	r.CSVDelimiter = o.enum("CSVDelimiter", "COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")
	r.CSVHeaderLocation = o.enum("CSVHeaderLocation", "FIRST_ROW", "GIVEN")
	r.CSVHeaders = o.strings("CSVHeaders")
	r.ItemsPointer = o.text("ItemsPointer")
	r.MaxItems = c.number(st, o, maxItems, "ItemReader/ReaderConfig/")
	c.checkInputType(r, o)
	c.checkCSV(r, o)
	if r.ItemsPointer != "" && r.ItemsPointer[0] != '/' {
		o.failAt("ItemsPointer", "Value must be a valid JSON Pointer")
	}
	if o.has("ItemsPointer") && r.InputType != "JSON" {
		o.fail("Field 'ItemsPointer' is not supported")
	}
}

// checkInputType checks InputType, which says how to read files, against what
// is read: one file, or a listing.
func (c *compiler) checkInputType(r *ItemReader, o object) {
	listing := strings.HasSuffix(r.Resource, ":listObjectsV2")
	switch {
	case listing && r.Transformation != "LOAD_AND_FLATTEN":
	case r.ManifestType == "S3_INVENTORY":
		if o.has("InputType") {
			o.fail("Field 'InputType' is not supported")
		}
	default:
		o.require("InputType")
	}
	if !listing && o.has("Transformation") {
		o.fail("Field 'Transformation' is not supported")
	}
}

// checkCSV checks the fields that belong to CSV, which is also what the data
// files of a manifest may be.
func (c *compiler) checkCSV(r *ItemReader, o object) {
	if r.InputType != "CSV" && r.ManifestType == "" {
		for _, k := range [...]string{"CSVHeaderLocation", "CSVHeaders", "CSVDelimiter"} {
			if o.has(k) {
				o.fail("Field '" + k + "' is not supported")
			}
		}
		return
	}
	if r.InputType == "CSV" && !o.has("CSVHeaderLocation") {
		o.fail("The field 'CSVHeaderLocation' is required")
	}
	switch {
	case r.CSVHeaderLocation == "GIVEN":
		o.require("CSVHeaders")
	case o.has("CSVHeaders") && r.CSVHeaderLocation == "FIRST_ROW":
		o.fail("Field 'CSVHeaders' is not supported")
	}
	size := 0
	for _, h := range r.CSVHeaders {
		size += len(h)
	}
	if size > maxCSVHeaderBytes {
		o.failAt("CSVHeaders", "The headers exceed the maximum size of 10 KiB")
	}
}

func (c *compiler) itemBatcher(st *State, o object) *ItemBatcher {
	in, ok := o.child("ItemBatcher")
	if !ok {
		return nil
	}
	in.allowFor(st.Language, map[string]languages{
		"MaxItemsPerBatch": bothLanguages, "MaxItemsPerBatchPath": onlyJSONPath,
		"MaxInputBytesPerBatch": bothLanguages, "MaxInputBytesPerBatchPath": onlyJSONPath,
		"BatchInput": bothLanguages,
	})
	b := &ItemBatcher{
		MaxItemsPerBatch:      c.number(st, in, itemsPerBatch, "ItemBatcher/"),
		MaxInputBytesPerBatch: c.number(st, in, bytesPerBatch, "ItemBatcher/"),
		BatchInput:            c.templateField(st, in, "BatchInput", "ItemBatcher/", access{}),
	}
	if v, ok := in.v.Get("BatchInput"); ok && !v.Is(value.Object) && !isExpression(v.Str()) {
		in.failAt("BatchInput", "Expected value of type [OBJECT]")
	}
	limits := []string{"MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"}
	if !slices.ContainsFunc(limits, in.has) {
		in.fail("This object should have at least one of the following fields: [" + strings.Join(limits, ", ") + "]")
	}
	return b
}

func (c *compiler) resultWriter(st *State, o object) *ResultWriter {
	in, ok := o.child("ResultWriter")
	if !ok {
		return nil
	}
	in.allowFor(st.Language, sourceFields)
	if in.has("ReaderConfig") {
		in.fail("Field 'ReaderConfig' is not supported")
	}
	in.serviceResource("s3:putObject")
	arguments := argumentsField(st.Language)
	if in.has("Resource") {
		in.require(arguments)
	} else if in.has(arguments) {
		in.require("Resource")
	}
	w := &ResultWriter{Arguments: c.templateField(st, in, arguments, "ResultWriter/", access{})}
	if config, ok := in.child("WriterConfig"); ok {
		config.allow("Transformation", "OutputType")
		w.Transformation = config.enum("Transformation", "NONE", "COMPACT", "FLATTEN")
		w.OutputType = config.enum("OutputType", "JSON", "JSONL")
	}
	return w
}
