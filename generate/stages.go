package generate

import (
	"context"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// fill begins the database and fills it from the sets, in stages: it reads the model,
// compiles the declarations, creates rows with paths, adopts rows that are there, and draws the
// cells of the other rows to insert them. Each stage uses the results of the stages before it. fill
// reports all mistakes in the fixtures that a stage finds.
func (r run) fill(ctx context.Context, s *scratch, e *explainer) (report Report, err error) {
	if err := r.begin(ctx, s); err != nil {
		return report, err
	}
	report = newReport(r.sets)
	m, defaults, times, err := r.readModel(ctx, s, r.schema)
	if err != nil {
		return report, err
	}
	defer defaults.close()
	report.describe(times, m)

	mistakes := r.newMistakes()
	compiler := &compiler{
		model: m, seed: r.Seed, times: times, defaults: defaults, mistakes: mistakes,
		wrong: map[string]bool{},
	}
	templates, plot, err := r.plotRows(ctx, s.c, compiler, r.sets, &report)
	if err != nil {
		return report, err
	}

	adopter := &adopter{c: s.c, plot: plot, defaults: defaults, times: times, mistakes: mistakes}
	baselines, err := adopter.adoptAll(m.ParentsFirst(), e.chosen(m, templates))
	if err != nil {
		return report, err
	}
	report.Notes = adopter.notes
	if err := adopter.checkWhole(r.sets, m, baselines); err != nil {
		return report, err
	}

	writer := &writer{
		scratch: s, model: m, plot: plot, mistakes: mistakes, refused: map[*template]bool{},
		why: map[*template]string{}, keepGoing: r.KeepGoing,
		progress: progress{tell: r.Progress}, ledger: r.ledger,
		drawer: newDrawer(drawer{
			model: m, plot: plot, defaults: defaults, now: r.Now, times: times,
			counts:    newCounts(),
			parents:   &parents{plot, baselines, map[ringKey]map[string]*ring{}},
			passwords: &passwords{r.Seed, times.framework, map[passwordForm]string{}},
			mistakes:  mistakes, trace: e.tracer(),
		}),
	}
	if err := writer.insertAll(ctx); err != nil {
		return report, err
	}
	report.Notes = append(report.Notes, mistakes.warnings...)
	report.LeftOut = append(report.LeftOut, writer.leftOut()...)
	if err := report.count(s.c, m, baselines); err != nil {
		return report, err
	}
	if err := e.explain(ctx, writer, compiler, report); err != nil {
		return report, err
	}
	if report.Recorded, err = s.record(r.schema.Folder, r.Now); err != nil {
		return report, err
	}
	return report, s.mark(report.Sample)
}

// begin gives the database its schema and the rows of the baseline.
func (r run) begin(ctx context.Context, s *scratch) error {
	if r.open != nil {
		return r.open.copyInto(ctx, s)
	}
	if err := s.apply(r.schema); err != nil {
		return fmt.Errorf("apply the schema: %w", err)
	}
	return nil
}

// plotRows compiles the declarations of the sets and of Rows, and creates their rows.
func (o Options) plotRows(
	ctx context.Context, c *sqlite.Conn, compiler *compiler, sets []Set, report *Report,
) ([]*template, *plot, error) {
	templates := compiler.compile(sets)
	if compiler.unread {
		return nil, nil, compiler.mistakes.err()
	}
	asker, err := newAsker(c, compiler.model, o.Rows, templates)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range asker.declarations() {
		templates = append(templates, d.compile(compiler, nil)...)
		report.Sample = true
	}
	report.LeftOut = slices.Concat(compiler.missing, asker.leftOut)
	plot := newPlot(ctx, templates, compiler.wrong, compiler.mistakes)
	finder := &finder{c, compiler.model, compiler.times, compiler.mistakes}
	if plot.there, err = finder.findAll(compiler.existing); err != nil {
		return nil, nil, err
	}
	if err := plot.close(finder); err != nil {
		return nil, nil, err
	}
	if err := compiler.mistakes.err(); err != nil {
		return nil, nil, err
	}
	if len(templates) == 0 && len(compiler.missing) > 0 {
		return nil, nil, ErrNoTables
	}
	return templates, plot, nil
}

func newReport(sets []Set) (r Report) {
	for _, set := range sets {
		if !slices.Contains(r.Sets, set.Name) {
			r.Sets = append(r.Sets, set.Name)
		}
		r.Sample = r.Sample || set.Sample
	}
	return r
}

// count counts the rows of all tables but those in which a migration tool keeps its record.
func (r *Report) count(
	c *sqlite.Conn, m *model.Model, baselines map[*model.Table]*baseline,
) error {
	for _, t := range m.Tables {
		if isRecord(t) {
			continue
		}
		n, err := countRows(c, t)
		if err != nil {
			return err
		}
		b := baselines[t]
		r.Tables = append(r.Tables, TableReport{
			Table: t.Name, Rows: n, Baseline: b.rows, Adopted: int64(len(b.adopted)),
		})
	}
	return nil
}
