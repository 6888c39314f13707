package itemreader

import (
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"pawl.dev/value"
)

// parquetColumn turns the values of a column, or of a group of columns, into
// JSON.
//
// Parquet keeps each leaf of a record as a list of values with two numbers: the
// definition level says how many of the optional and repeated ancestors are
// there, the repetition level which of the repeated ones begins a new element.
// appendAny and appendOne take the values of one record from the front of the
// lists of all leaves.
type parquetColumn struct {
	key         []byte // `"name":`
	first, last int    // leaf columns below, last exclusive
	definition  int    // the level at which this column is there
	repetition  int    // the level of its own elements
	optional    bool
	repeated    bool
	shape       parquetShape
	columns     []*parquetColumn
	leaf        func(dst []byte, v parquet.Value) []byte
}

type parquetShape uint8

const (
	shapeLeaf    parquetShape = iota
	shapeObject               // columns are the members
	shapeList                 // columns[0] is repeated; its elements are the list's
	shapeElement              // columns[0] stands for this
	shapeMap                  // columns[0] is repeated, with a key and a value
)

func compileColumn(c *parquet.Column) *parquetColumn {
	p := &parquetColumn{
		key:        append(value.AppendQuoted(nil, c.Name()), ':'),
		definition: c.MaxDefinitionLevel(), repetition: c.MaxRepetitionLevel(),
		optional: c.Optional(), repeated: c.Repeated(),
	}
	if c.Leaf() {
		p.first = c.Index()
		p.last = p.first + 1
		p.leaf = leafEncoder(c.Type())
		return p
	}
	p.shape = shapeObject
	for _, child := range c.Columns() {
		p.columns = append(p.columns, compileColumn(child))
	}
	if n := len(p.columns); n > 0 {
		p.first, p.last = p.columns[0].first, p.columns[n-1].last
	}
	if len(p.columns) == 1 && p.columns[0].repeated {
		p.annotate(c)
	}
	return p
}

// annotate recognises lists and maps. Parquet wraps each element of a list in
// a group of one member, which older writers leave out or name otherwise:
// LogicalTypes.md, "Backward-compatibility rules".
func (p *parquetColumn) annotate(c *parquet.Column) {
	var logical format.LogicalTypeValue
	if t := c.Type().LogicalType(); t != nil {
		logical = t.Value
	}
	inner := p.columns[0]
	switch logical.(type) {
	case *format.ListType:
		p.shape = shapeList
		name := c.Columns()[0].Name()
		if inner.shape == shapeObject && len(inner.columns) == 1 && name != "array" && name != c.Name()+"_tuple" {
			// The element stands for its wrapper.
			element := *inner
			element.shape = shapeElement
			p.columns = []*parquetColumn{&element}
		}
	case *format.MapType:
		if inner.shape == shapeObject && len(inner.columns) == 2 {
			p.shape = shapeMap
		}
	}
}

// appendAny appends the column's part of the record.
func (p *parquetColumn) appendAny(dst []byte, values [][]parquet.Value) []byte {
	switch {
	case p.repeated:
		return append(p.appendElements(append(dst, '['), values), ']')
	case p.optional && p.absent(values):
		p.drop(values)
		return append(dst, "null"...)
	}
	return p.appendOne(dst, values)
}

// absent says that the value that comes next is not there.
func (p *parquetColumn) absent(values [][]parquet.Value) bool {
	v := values[p.first]
	return len(v) == 0 || v[0].DefinitionLevel() < p.definition
}

// drop takes the placeholders of what is absent.
func (p *parquetColumn) drop(values [][]parquet.Value) {
	for i := p.first; i < p.last; i++ {
		if len(values[i]) > 0 {
			values[i] = values[i][1:]
		}
	}
}

// appendElements appends the elements of a repeated column, with commas.
func (p *parquetColumn) appendElements(dst []byte, values [][]parquet.Value) []byte {
	if p.absent(values) {
		p.drop(values)
		return dst
	}
	for n := 0; ; n++ {
		if n > 0 {
			dst = append(dst, ',')
		}
		dst = p.appendOne(dst, values)
		if v := values[p.first]; len(v) == 0 || v[0].RepetitionLevel() != p.repetition {
			return dst
		}
	}
}

// appendOne appends the column as one value that is there.
func (p *parquetColumn) appendOne(dst []byte, values [][]parquet.Value) []byte {
	switch p.shape {
	case shapeLeaf:
		v := values[p.first][0]
		values[p.first] = values[p.first][1:]
		return p.leaf(dst, v)
	case shapeElement:
		return p.columns[0].appendAny(dst, values)
	case shapeList:
		return append(p.columns[0].appendElements(append(dst, '['), values), ']')
	case shapeMap:
		return p.appendMap(dst, values)
	case shapeObject:
	}
	dst = append(dst, '{')
	for i, c := range p.columns {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = c.appendAny(append(dst, c.key...), values)
	}
	return append(dst, '}')
}

func (p *parquetColumn) appendMap(dst []byte, values [][]parquet.Value) []byte {
	entries := p.columns[0]
	key, val := entries.columns[0], entries.columns[1]
	dst = append(dst, '{')
	if entries.absent(values) {
		entries.drop(values)
		return append(dst, '}')
	}
	for n := 0; ; n++ {
		if n > 0 {
			dst = append(dst, ',')
		}
		start := len(dst)
		if dst = key.appendAny(dst, values); dst[start] != '"' {
			dst = value.AppendQuoted(dst[:start], string(dst[start:]))
		}
		dst = val.appendAny(append(dst, ':'), values)
		if v := values[entries.first]; len(v) == 0 || v[0].RepetitionLevel() != entries.repetition {
			return append(dst, '}')
		}
	}
}
