package jsonata

import (
	"fmt"
	"strings"
	"testing"

	"pawl.dev/value"
)

// benchInput is an order with n lines, as the input of a state.
func benchInput(b *testing.B, n int) value.Value {
	b.Helper()
	var items []string
	categories := []string{"book", "toy", "food", "garden", "tool"}
	for i := range n {
		items = append(items, fmt.Sprintf(`{"id":"it-%d","sku":"SKU-%d","category":%q,"price":%d.%02d,"qty":%d,"inStock":true,"tags":["t%d","u%d"]}`,
			i, 10000+i, categories[i*7%5], 10+i*13%80, i*37%100, 1+i/5%5, i%9, i%7))
	}
	lines := "[" + strings.Join(items, ",") + "]"
	text := `{"order":{"id":"ord-1","total":250.5,"currency":"EUR","items":` + lines + `},
		"items":` + lines + `,
		"customer":{"id":"c-77","name":"Ada Lovelace","tier":"gold","address":{"street":"1 High Street","city":"London"}},"retries":0}`
	v, err := value.Parse(text, nil)
	if err != nil {
		b.Fatal(err)
	}
	return value.NewObject([]string{"input"}, []value.Value{v})
}

func BenchmarkEval(b *testing.B) {
	benches := []struct {
		name  string
		lines int
		text  string
	}{
		{"bare_path", 10, "$states.input.customer.address.city"},
		{"condition", 10, "$states.input.order.total > 100 and $states.input.customer.tier = 'gold'"},
		{"path_1000", 1000, "$sum($states.input.items[qty > 2 and category = 'book'].(price * qty))"},
		{"functions_1000", 1000, "$sum($map($filter($states.input.items, function($i){$i.qty > 2}), function($i){$i.price * $i.qty}))"},
		{"object", 10, `{'orderId': $states.input.order.id,
			'customer': {'name': $uppercase($states.input.customer.name), 'city': $states.input.customer.address.city},
			'lines': $states.input.order.items.{'sku': sku, 'amount': $round(price * qty, 2)},
			'total': $sum($states.input.order.items.(price * qty)),
			'status': $states.input.retries = 0 ? 'NEW' : 'RETRY'}`},
	}
	for _, bench := range benches {
		b.Run(bench.name, func(b *testing.B) {
			states := benchInput(b, bench.lines)
			vars := func(name string) (value.Value, bool) { return states, name == "states" }
			e, err := Compile(bench.text)
			if err != nil {
				b.Fatal(err)
			}
			env := &Env{Expired: func() bool { return false }}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Eval(value.Value{}, vars, env); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile("$states.input.order.total > 100 and $states.input.customer.tier = 'gold'"); err != nil {
			b.Fatal(err)
		}
	}
}
