import after_ from '@salesforce/label/c.Pandora_log_after';
import before_ from '@salesforce/label/c.Pandora_log_before';
import download_ from '@salesforce/label/c.Pandora_log_download';
import downloaded_ from '@salesforce/label/c.Pandora_log_downloaded';
import field_ from '@salesforce/label/c.Pandora_log_field';
import intro_ from '@salesforce/label/c.Pandora_log_intro';
import isUndone_ from '@salesforce/label/c.Pandora_log_isUndone';
import mapping_ from '@salesforce/label/c.Pandora_log_mapping';
import none_ from '@salesforce/label/c.Pandora_log_none';
import noneFiltered_ from '@salesforce/label/c.Pandora_log_noneFiltered';
import noneText_ from '@salesforce/label/c.Pandora_log_noneText';
import object_ from '@salesforce/label/c.Pandora_log_object';
import record_ from '@salesforce/label/c.Pandora_log_record';
import result_ from '@salesforce/label/c.Pandora_log_result';
import status_ from '@salesforce/label/c.Pandora_log_status';
import title_ from '@salesforce/label/c.Pandora_log_title';
import undo_ from '@salesforce/label/c.Pandora_log_undo';
import undone_ from '@salesforce/label/c.Pandora_log_undone';
import undoOf_ from '@salesforce/label/c.Pandora_log_undoOf';
import when_ from '@salesforce/label/c.Pandora_log_when';

export default {
    after: after_,
    before: before_,
    download: download_,
    downloaded: downloaded_,
    field: field_,
    intro: intro_,
    isUndone: isUndone_,
    mapping: mapping_,
    none: none_,
    noneFiltered: noneFiltered_,
    noneText: noneText_,
    object: object_,
    record: record_,
    result: result_,
    status: status_,
    title: title_,
    undo: undo_,
    undone: undone_,
    undoOf: undoOf_,
    when: when_
};
