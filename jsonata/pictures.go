package jsonata

import (
	"errors"

	"pawl.dev/jsonata/internal/picture"
	"pawl.dev/value"
)

// pictureError turns a picture's error into one of the language.
func pictureError(err error) *Error {
	var p *picture.Error
	if !errors.As(err, &p) {
		return failText("", err.Error())
	}
	return &Error{Code: p.Code, Message: p.Message, Value: value.Text(p.Value)}
}

// textResult charges for a text and returns it.
func (st *state) textResult(s string, err error) (value.Value, *Error) {
	if err != nil {
		return value.Value{}, pictureError(err)
	}
	return value.Text(s), st.charge(len(s))
}

func callFormatNumber(st *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	var options map[string]string
	if o := argument(args, 2); o.Is(value.Object) {
		options = make(map[string]string, o.Len())
		for i, key := range o.Keys() {
			text, err := st.text(o.At(i))
			if err != nil {
				return o, err
			}
			options[key] = text
		}
	}
	return st.textResult(picture.FormatNumber(args[0].Float64(), args[1].Str(), options))
}

func callFormatInteger(st *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	return st.textResult(picture.FormatInteger(args[0].Float64(), args[1].Str()))
}

func callParseInteger(_ *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	f, ok, err := picture.ParseInteger(args[0].Str(), args[1].Str())
	if err != nil {
		return value.Value{}, pictureError(err)
	}
	if !ok {
		return value.Value{}, nil
	}
	return fromFloat(f), nil
}

func callToMillis(st *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	with := argument(args, 1)
	ms, ok, err := picture.ToMillis(args[0].Str(), with.Str(), with.Defined(), st.now)
	if err != nil {
		return value.Value{}, pictureError(err)
	}
	if !ok {
		return value.Value{}, nil
	}
	return value.Int(ms), nil
}

func callFromMillis(st *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	with, zone := argument(args, 1), argument(args, 2)
	ms := args[0].Float64()
	const limit = 8.64e15 // what a JavaScript date can hold
	if !(ms >= -limit && ms <= limit) {
		return value.Value{}, failValue("D3110", args[0])
	}
	return st.textResult(picture.FromMillis(int64(ms), with.Str(), with.Defined(), zone.Str(), zone.Defined()))
}
