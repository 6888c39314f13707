// Package demo is the demonstration of "pawl demo": a stress test of loan
// applications, one JSON file each, that a distributed map reads in batches.
//
// It lays out the files, holds the state machine and the two functions it calls,
// and counts the files once more in another way to check the result. It decides
// nothing about executions.
package demo

import (
	"fmt"
	"math"
)

// Loan is one loan application, as its file holds it.
type Loan struct {
	ID         string  `json:"id"`
	Principal  int64   `json:"principal"`     // in cents
	AnnualRate float64 `json:"annualRate"`    // in percent
	Months     int     `json:"termMonths"`    // to pay it back
	Income     int64   `json:"monthlyIncome"` // in cents
	Debts      int64   `json:"monthlyDebts"`  // in cents
}

// rateRise is how far the interest rises in the stress test, in percent points.
const rateRise = 2.0

// maxBurden is the part of the income that payments may take: beyond it the loan
// fails.
const maxBurden = 0.43

// Fails reports whether the loan can't be paid any more when the rate rises.
func (l *Loan) Fails() bool {
	return float64(l.Debts)+payment(l.Principal, l.AnnualRate+rateRise, l.Months) > maxBurden*float64(l.Income)
}

// payment is the monthly payment of an annuity loan, in cents.
func payment(principal int64, annualRate float64, months int) float64 {
	r := annualRate / 100 / 12
	if r == 0 {
		return float64(principal) / float64(months)
	}
	return float64(principal) * r / (1 - math.Pow(1+r, -float64(months)))
}

// application makes up loan n. It is the same for the same n always.
func application(n int) Loan {
	h := mix(uint64(n))
	pick := func(limit uint64) uint64 {
		v := h % limit
		h = mix(h)
		return v
	}
	return Loan{
		ID:         fmt.Sprintf("loan-%07d", n),
		Principal:  int64(50_000+pick(450_000)) * 100,
		AnnualRate: 2.5 + float64(pick(500))/100,
		Months:     120 + int(pick(21))*12,
		Income:     int64(3_000+pick(12_000)) * 100,
		Debts:      int64(pick(800)) * 100,
	}
}

// mix is the finaliser of SplitMix64.
func mix(v uint64) uint64 {
	v += 0x9e3779b97f4a7c15
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}
