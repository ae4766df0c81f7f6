import after_ from '@salesforce/label/c.Pandora_runs_after';
import before_ from '@salesforce/label/c.Pandora_runs_before';
import cancel_ from '@salesforce/label/c.Pandora_runs_cancel';
import changed_ from '@salesforce/label/c.Pandora_runs_changed';
import changes_ from '@salesforce/label/c.Pandora_runs_changes';
import counts_ from '@salesforce/label/c.Pandora_runs_counts';
import dryRun_ from '@salesforce/label/c.Pandora_runs_dryRun';
import earlier_ from '@salesforce/label/c.Pandora_runs_earlier';
import failed_ from '@salesforce/label/c.Pandora_runs_failed';
import field_ from '@salesforce/label/c.Pandora_runs_field';
import finished_ from '@salesforce/label/c.Pandora_runs_finished';
import intro_ from '@salesforce/label/c.Pandora_runs_intro';
import invalid_ from '@salesforce/label/c.Pandora_runs_invalid';
import left_ from '@salesforce/label/c.Pandora_runs_left';
import noChanges_ from '@salesforce/label/c.Pandora_runs_noChanges';
import none_ from '@salesforce/label/c.Pandora_runs_none';
import noneText_ from '@salesforce/label/c.Pandora_runs_noneText';
import rate_ from '@salesforce/label/c.Pandora_runs_rate';
import record_ from '@salesforce/label/c.Pandora_runs_record';
import records_ from '@salesforce/label/c.Pandora_runs_records';
import resume_ from '@salesforce/label/c.Pandora_runs_resume';
import retry_ from '@salesforce/label/c.Pandora_runs_retry';
import show_ from '@salesforce/label/c.Pandora_runs_show';
import showFor_ from '@salesforce/label/c.Pandora_runs_showFor';
import skipped_ from '@salesforce/label/c.Pandora_runs_skipped';
import started_ from '@salesforce/label/c.Pandora_runs_started';
import sync_ from '@salesforce/label/c.Pandora_runs_sync';
import title_ from '@salesforce/label/c.Pandora_runs_title';
import total_ from '@salesforce/label/c.Pandora_runs_total';
import unchanged_ from '@salesforce/label/c.Pandora_runs_unchanged';
import undo_ from '@salesforce/label/c.Pandora_runs_undo';
import undoText_ from '@salesforce/label/c.Pandora_runs_undoText';
import undoTitle_ from '@salesforce/label/c.Pandora_runs_undoTitle';
import why_ from '@salesforce/label/c.Pandora_runs_why';
import wouldChange_ from '@salesforce/label/c.Pandora_runs_wouldChange';
import written_ from '@salesforce/label/c.Pandora_runs_written';

export default {
    after: after_,
    before: before_,
    cancel: cancel_,
    changed: changed_,
    changes: changes_,
    counts: counts_,
    dryRun: dryRun_,
    earlier: earlier_,
    failed: failed_,
    field: field_,
    finished: finished_,
    intro: intro_,
    invalid: invalid_,
    left: left_,
    noChanges: noChanges_,
    none: none_,
    noneText: noneText_,
    rate: rate_,
    record: record_,
    records: records_,
    resume: resume_,
    retry: retry_,
    show: show_,
    showFor: showFor_,
    skipped: skipped_,
    started: started_,
    sync: sync_,
    title: title_,
    total: total_,
    unchanged: unchanged_,
    undo: undo_,
    undoText: undoText_,
    undoTitle: undoTitle_,
    why: why_,
    wouldChange: wouldChange_,
    written: written_
};
