package jsonata

import "pawl.dev/value"

// equal reports deep equality. Functions are equal to themselves only, which
// values do not show, so they are equal to nothing.
func (st *state) equal(a, b value.Value, depth int) (bool, *Error) {
	x, isList := elements(a)
	y, otherIsList := elements(b)
	switch {
	case isList != otherIsList:
		return false, nil
	case isList:
		if len(x) != len(y) {
			return false, nil
		}
	case a.Kind() != b.Kind():
		return false, nil
	case a.Is(value.Object):
		if a.Len() != b.Len() {
			return false, nil
		}
		x = a.Items()
	case a.Is(value.Extension):
		return a.Extension() == b.Extension(), nil
	default:
		return value.Equal(a, b), nil
	}
	if depth > maxNesting {
		return false, overflow()
	}
	if err := st.work(len(x)); err != nil {
		return false, err
	}
	for i := range x {
		var other value.Value
		if isList {
			other = y[i]
		} else {
			var ok bool
			if other, ok = b.Get(a.Key(i)); !ok {
				return false, nil
			}
		}
		if same, err := st.equal(x[i], other, depth+1); err != nil || !same {
			return false, err
		}
	}
	return true, nil
}
