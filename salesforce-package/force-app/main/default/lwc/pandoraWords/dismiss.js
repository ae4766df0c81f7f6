import confirm_ from '@salesforce/label/c.Pandora_dismiss_confirm';
import done_ from '@salesforce/label/c.Pandora_dismiss_done';
import note_ from '@salesforce/label/c.Pandora_dismiss_note';
import noteHint_ from '@salesforce/label/c.Pandora_dismiss_noteHint';
import reason_ from '@salesforce/label/c.Pandora_dismiss_reason';
import reasonMissing_ from '@salesforce/label/c.Pandora_dismiss_reasonMissing';
import text_ from '@salesforce/label/c.Pandora_dismiss_text';
import title_ from '@salesforce/label/c.Pandora_dismiss_title';

export default {
    confirm: confirm_,
    done: done_,
    note: note_,
    noteHint: noteHint_,
    reason: reason_,
    reasonMissing: reasonMissing_,
    text: text_,
    title: title_
};
