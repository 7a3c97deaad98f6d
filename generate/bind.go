package generate

import (
	"errors"
	"fmt"

	"github.com/seedkit/seedkit/internal/document"
	"github.com/seedkit/seedkit/internal/expression"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/nearest"
)

// A binder gives the names in an expression their meaning for one column of a template: generators
// and columns. It notes mistakes in the expression at their places.
type binder struct {
	c      *compiler
	t      *template
	column *model.Column
	value  fileValue
	node   *document.Node // the text of the expression
	failed bool
	inside bool // the expression is a part of a text, of JSON or of an argument
}

// within binds an expression that is a part of another value, where a reference has no meaning.
func (b *binder) within(bind func()) {
	before := b.inside
	b.inside = true
	bind()
	b.inside = before
}

// bound is what an expression means: a constant, or a function of a row.
type bound struct {
	constant any
	draw     func(*Fake) any // nil for a constant
}

func (b bound) value(f *Fake) any {
	if b.draw == nil {
		return b.constant
	}
	return b.draw(f)
}

func (b *binder) fail(offset int, format string, args ...any) bound {
	b.failed = true
	at := b.value.position(b.node.Position(offset))
	b.c.mistakes.add(at, b.t.path, "column %q: %s", b.column.Name, fmt.Sprintf(format, args...))
	return bound{}
}

// text binds the text of a node.
func (b *binder) text(n *document.Node) bound {
	b.node = n
	e, err := expression.Parse(n.Text)
	if failure, ok := errors.AsType[*expression.Error](err); ok {
		return b.fail(failure.Offset, "%s", failure.Msg)
	}
	return b.bind(e)
}

func (b *binder) bind(e *expression.Expression) bound {
	switch e.Kind {
	case expression.Literal:
		return b.literal(e)
	case expression.Concat:
		return b.concat(e)
	}
	isColumn := !e.Called && b.has(b.t.table, e.Text)
	g := findGenerator(e.Text)
	switch {
	case e.Parent:
		return b.ofParent(e)
	case g != nil && (e.Whole || !isColumn):
		return b.generator(e, g)
	case isColumn:
		return bound{draw: func(f *Fake) any { return f.Cell(e.Text) }}
	}
	return b.unknown(e)
}

func (b *binder) has(t *model.Table, column string) bool {
	_, ok := t.Find(column)
	return ok
}

func (b *binder) unknown(e *expression.Expression) bound {
	names := b.t.table.Schema.ColumnNames()
	for i := range generators {
		names = append(names, generators[i].name)
	}
	way := ""
	if e.Whole {
		way = "; a text that begins with a dollar begins with $$"
	}
	return b.fail(e.Offset, "%s is neither a generator nor a column of %s%s%s", e.Text,
		b.t.table.Name, nearest.DidYouMean(e.Text, names), way)
}

// literal is the text of a literal. A name after a dollar in it is most likely meant as a value.
func (b *binder) literal(e *expression.Expression) bound {
	for _, w := range e.Words {
		if findGenerator(w.Name) != nil || b.has(b.t.table, w.Name) {
			return b.fail(w.Offset, "write ${%s} for the value of $%s in a text, "+
				"and $$ for a dollar", w.Name, w.Name)
		}
	}
	return bound{constant: e.Text}
}

func (b *binder) concat(e *expression.Expression) bound {
	parts := make([]bound, len(e.Parts))
	b.within(func() {
		for i, part := range e.Parts {
			parts[i] = b.bind(part)
		}
	})
	return bound{draw: func(f *Fake) any {
		var room [64]byte
		text := room[:0]
		for _, part := range parts {
			text = append(text, asText(part.value(f))...)
		}
		return string(text)
	}}
}

func (b *binder) ofParent(e *expression.Expression) bound {
	parent := b.t.parent
	switch {
	case parent == nil:
		return b.fail(e.Offset, "$parent.%s needs a row around this one, and there is none", e.Text)
	case !b.has(parent.table, e.Text):
		return b.fail(e.Offset, "table %s has no column %q%s", parent.table.Name, e.Text,
			nearest.DidYouMean(e.Text, parent.table.Schema.ColumnNames()))
	}
	return bound{draw: func(f *Fake) any { return f.Parent(e.Text) }}
}

func (b *binder) generator(e *expression.Expression, g *generator) bound {
	if g.name == "ref" {
		return b.ref(e, g)
	}
	args := b.arguments(e, g)
	weights := b.weights(e, g)
	later := len(g.params) > 0 && g.params[len(g.params)-1].later
	call := g.call
	if weights != nil {
		call = func(f *Fake, values []any) any { return PickWeighted(f, values, weights) }
	}
	if values, ok := constants(args); ok {
		return bound{draw: func(f *Fake) any { return call(f, values) }}
	}
	return bound{draw: func(f *Fake) any {
		values := make([]any, len(args))
		for i, arg := range args {
			if later && i == len(args)-1 && arg.draw != nil {
				values[i] = arg.draw
				continue
			}
			values[i] = arg.value(f)
		}
		return call(f, values)
	}}
}

// constants returns the values of arguments if all are constants.
func constants(args []bound) (values []any, ok bool) {
	for _, arg := range args {
		if arg.draw != nil {
			return nil, false
		}
		values = append(values, arg.constant)
	}
	return values, true
}

// arguments binds the arguments of a generator. They have no meaning if there is a mistake.
func (b *binder) arguments(e *expression.Expression, g *generator) []bound {
	last := len(g.params) - 1
	many := last >= 0 && g.params[last].isRepeated()
	if len(e.Args) != len(g.params) && !(many && len(e.Args) >= len(g.params)) {
		b.fail(e.Offset, "$%s has %d arguments here: write %s", g.name, len(e.Args), g.usage())
		return nil
	}
	args := make([]bound, len(e.Args))
	for i, arg := range e.Args {
		p := g.params[min(i, last)]
		bind := func() { args[i] = b.argument(arg, p) }
		if p.passes {
			bind()
		} else {
			b.within(bind)
		}
	}
	return args
}

// argument binds an argument, and converts it to what the parameter takes.
func (b *binder) argument(e *expression.Expression, p param) bound {
	arg := b.bind(e)
	if arg.draw != nil {
		return bound{draw: func(f *Fake) any {
			v, err := p.convert(arg.draw(f))
			if err != nil {
				f.row.abort("%s: %v", p.name, err)
			}
			return v
		}}
	}
	v, err := arg.constant, error(nil)
	if (p.plain || p.isPart) && e.Kind == expression.Literal && !e.Quoted {
		stored := !p.isPart && hasTexts(b.column)
		v, err = plainValue(stored, document.Plain(e.Text), e.Text)
	}
	if err == nil {
		v, err = p.convert(v)
	}
	if err != nil {
		return b.fail(e.Offset, "%s: %v", p.name, err)
	}
	return bound{constant: v}
}

// ref binds a reference to a fixture. The compiler checks a reference that is a column's value.
func (b *binder) ref(e *expression.Expression, g *generator) bound {
	if b.inside {
		return b.fail(e.Offset, "$ref is the whole value of a column, or an argument of "+
			"$pick, $nth or $maybe")
	}
	if len(e.Args) == 1 {
		if b.column.Key == nil {
			return b.fail(e.Offset, "the column refers to no table: write %s", g.usage())
		}
		table := &expression.Expression{Text: b.column.Key.Parent.Name, Offset: e.Offset}
		full := *e
		full.Args = []*expression.Expression{table, e.Args[0]}
		e = &full
	}
	args := b.arguments(e, g)
	switch {
	case b.failed:
		return bound{}
	case args[0].draw == nil && args[1].draw == nil:
		return bound{constant: Ref{
			table: args[0].constant.(string), name: args[1].constant.(string),
		}}
	}
	return bound{draw: func(f *Fake) any {
		return f.Ref(args[0].value(f).(string), args[1].value(f).(string))
	}}
}
