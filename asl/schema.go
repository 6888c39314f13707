package asl

// typeSet is a set of state types.
type typeSet uint16

func of(types ...Type) typeSet {
	var s typeSet
	for _, t := range types {
		s |= 1 << t
	}
	return s
}

func (s typeSet) has(t Type) bool { return s&(1<<t) != 0 }

// languages says in which query languages a field may be used.
type languages uint8

const (
	bothLanguages languages = iota
	onlyJSONPath
	onlyJSONata
)

type fieldRule struct {
	types     typeSet
	languages languages
}

var (
	allTypes     = of(TypeTask, TypeWait, TypePass, TypeSucceed, TypeFail, TypeChoice, TypeParallel, TypeMap)
	workTypes    = of(TypeTask, TypeParallel, TypeMap)
	flowingTypes = of(TypeTask, TypeParallel, TypeMap, TypePass, TypeWait)
)

// stateFields is the field matrix of the states language: where each field of a
// state may stand.
var stateFields = map[string]fieldRule{
	"Type":          {types: allTypes},
	"Comment":       {types: allTypes},
	"QueryLanguage": {types: allTypes},
	"Next":          {types: flowingTypes},
	"End":           {types: flowingTypes},

	"InputPath":      {allTypes &^ of(TypeFail), onlyJSONPath},
	"OutputPath":     {allTypes &^ of(TypeFail), onlyJSONPath},
	"Parameters":     {workTypes | of(TypePass), onlyJSONPath},
	"ResultSelector": {workTypes, onlyJSONPath},
	"ResultPath":     {workTypes | of(TypePass), onlyJSONPath},
	"Arguments":      {of(TypeTask, TypeParallel), onlyJSONata},
	"Output":         {allTypes &^ of(TypeFail), onlyJSONata},
	"Assign":         {types: flowingTypes | of(TypeChoice)},
	"Retry":          {types: workTypes},
	"Catch":          {types: workTypes},

	"Result": {of(TypePass), onlyJSONPath},

	"Resource":             {types: of(TypeTask)},
	"Credentials":          {types: of(TypeTask)},
	"TimeoutSeconds":       {types: of(TypeTask)},
	"HeartbeatSeconds":     {types: of(TypeTask)},
	"TimeoutSecondsPath":   {of(TypeTask), onlyJSONPath},
	"HeartbeatSecondsPath": {of(TypeTask), onlyJSONPath},

	"Seconds":       {types: of(TypeWait)},
	"Timestamp":     {types: of(TypeWait)},
	"SecondsPath":   {of(TypeWait), onlyJSONPath},
	"TimestampPath": {of(TypeWait), onlyJSONPath},

	"Choices": {types: of(TypeChoice)},
	"Default": {types: of(TypeChoice)},

	"Branches": {types: of(TypeParallel)},

	"ItemProcessor":                  {types: of(TypeMap)},
	"Iterator":                       {types: of(TypeMap)},
	"ItemReader":                     {types: of(TypeMap)},
	"ItemSelector":                   {types: of(TypeMap)},
	"ItemBatcher":                    {types: of(TypeMap)},
	"ResultWriter":                   {types: of(TypeMap)},
	"Label":                          {types: of(TypeMap)},
	"MaxConcurrency":                 {types: of(TypeMap)},
	"ToleratedFailureCount":          {types: of(TypeMap)},
	"ToleratedFailurePercentage":     {types: of(TypeMap)},
	"ItemsPath":                      {of(TypeMap), onlyJSONPath},
	"MaxConcurrencyPath":             {of(TypeMap), onlyJSONPath},
	"ToleratedFailureCountPath":      {of(TypeMap), onlyJSONPath},
	"ToleratedFailurePercentagePath": {of(TypeMap), onlyJSONPath},
	"Items":                          {of(TypeMap), onlyJSONata},

	"Error":     {types: of(TypeFail)},
	"Cause":     {types: of(TypeFail)},
	"ErrorPath": {of(TypeFail), onlyJSONPath},
	"CausePath": {of(TypeFail), onlyJSONPath},
}

// checkFields reports the fields that a state of this type may not have. Fields
// of the other query language are passed over when foreign is false: AWS then
// has a finding about the language itself.
func (o object) checkFields(t Type, l Language, foreign bool) {
	for _, k := range o.v.Keys() {
		rule, ok := stateFields[k]
		if !ok || !rule.types.has(t) {
			o.fail("Field '" + k + "' is not supported")
			continue
		}
		if foreign {
			o.checkLanguage(k, l, rule.languages)
		}
	}
}

// checkLanguage reports field name when it belongs to the other language.
func (o object) checkLanguage(name string, l Language, where languages) bool {
	switch {
	case where == onlyJSONPath && l == JSONata:
		o.fail("The QueryLanguage is set to 'JSONata', but field '" + name + "' is only supported for the 'JSONPath' QueryLanguage")
	case where == onlyJSONata && l == JSONPath:
		o.fail("The QueryLanguage is set to 'JSONPath', but field '" + name + "' is only supported for the 'JSONata' QueryLanguage")
	default:
		return true
	}
	return false
}

// allowFor is allow for objects in which some fields belong to one language.
func (o object) allowFor(l Language, rules map[string]languages) {
	for _, k := range o.v.Keys() {
		where, ok := rules[k]
		if !ok {
			o.fail("Field '" + k + "' is not supported")
			continue
		}
		o.checkLanguage(k, l, where)
	}
}
