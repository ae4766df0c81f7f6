import actions_ from '@salesforce/label/c.Pandora_common_actions';
import all_ from '@salesforce/label/c.Pandora_common_all';
import cancel_ from '@salesforce/label/c.Pandora_common_cancel';
import choose_ from '@salesforce/label/c.Pandora_common_choose';
import close_ from '@salesforce/label/c.Pandora_common_close';
import delete_ from '@salesforce/label/c.Pandora_common_delete';
import edit_ from '@salesforce/label/c.Pandora_common_edit';
import loading_ from '@salesforce/label/c.Pandora_common_loading';
import more_ from '@salesforce/label/c.Pandora_common_more';
import no_ from '@salesforce/label/c.Pandora_common_no';
import none_ from '@salesforce/label/c.Pandora_common_none';
import off_ from '@salesforce/label/c.Pandora_common_off';
import on_ from '@salesforce/label/c.Pandora_common_on';
import open_ from '@salesforce/label/c.Pandora_common_open';
import openNamed_ from '@salesforce/label/c.Pandora_common_openNamed';
import refresh_ from '@salesforce/label/c.Pandora_common_refresh';
import remove_ from '@salesforce/label/c.Pandora_common_remove';
import save_ from '@salesforce/label/c.Pandora_common_save';
import saved_ from '@salesforce/label/c.Pandora_common_saved';
import search_ from '@salesforce/label/c.Pandora_common_search';
import slow_ from '@salesforce/label/c.Pandora_common_slow';
import tryAgain_ from '@salesforce/label/c.Pandora_common_tryAgain';
import viewer_ from '@salesforce/label/c.Pandora_common_viewer';
import waitAbout_ from '@salesforce/label/c.Pandora_common_waitAbout';
import yes_ from '@salesforce/label/c.Pandora_common_yes';

export default {
    actions: actions_,
    all: all_,
    cancel: cancel_,
    choose: choose_,
    close: close_,
    delete: delete_,
    edit: edit_,
    loading: loading_,
    more: more_,
    no: no_,
    none: none_,
    off: off_,
    on: on_,
    open: open_,
    openNamed: openNamed_,
    refresh: refresh_,
    remove: remove_,
    save: save_,
    saved: saved_,
    search: search_,
    slow: slow_,
    tryAgain: tryAgain_,
    viewer: viewer_,
    waitAbout: waitAbout_,
    yes: yes_
};
