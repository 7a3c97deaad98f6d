package apply

import (
	"context"

	"github.com/seedkit/seedkit/backup"
)

// Rehearse does what [Run] does, on a private copy of the target, and removes the copy. It does not
// ask, makes no backup beside the copy, and does not write to the target or to its journal. The
// copy is where the backup would be, and needs room for the backup twice. The result says what Run
// would do if others write nothing to the target before it. LockSeconds is for how long the
// transaction held the copy's write lock.
//
// The errors are those of Run. The name of the copy can be in an error's text.
func Rehearse(ctx context.Context, source, target string, opts Options) (Result, error) {
	c, err := opts.target(target).Open(ctx)
	if err == nil {
		err = c.Close()
	}
	if err != nil {
		return Result{}, err
	}
	copied, err := backup.MakeRehearsal(ctx, target, backup.Options{
		Dir: opts.BackupDir, Now: opts.Now, Progress: opts.Progress,
	})
	if err != nil {
		return Result{}, err
	}
	defer copied.Close()
	opts.name = target
	r, err := open(ctx, source, copied.Path, opts)
	if err != nil {
		return Result{}, err
	}
	defer r.close()
	result := Result{Plan: r.plan}
	if err := r.refusal(); err != nil || r.plan.Changes() == 0 {
		return result, err
	}
	result.Backup.Path = copied.Path
	err = r.change(ctx, "", &result)
	result.Backup = backup.Manifest{}
	return result, err
}
