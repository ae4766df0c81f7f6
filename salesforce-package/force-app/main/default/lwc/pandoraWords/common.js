import actions_ from '@salesforce/label/c.Pandora_common_actions';
import all_ from '@salesforce/label/c.Pandora_common_all';
import cancel_ from '@salesforce/label/c.Pandora_common_cancel';
import choose_ from '@salesforce/label/c.Pandora_common_choose';
import close_ from '@salesforce/label/c.Pandora_common_close';
import delete_ from '@salesforce/label/c.Pandora_common_delete';
import edit_ from '@salesforce/label/c.Pandora_common_edit';
import loading_ from '@salesforce/label/c.Pandora_common_loading';
import more_ from '@salesforce/label/c.Pandora_common_more';
import off_ from '@salesforce/label/c.Pandora_common_off';
import on_ from '@salesforce/label/c.Pandora_common_on';
import refresh_ from '@salesforce/label/c.Pandora_common_refresh';
import remove_ from '@salesforce/label/c.Pandora_common_remove';
import save_ from '@salesforce/label/c.Pandora_common_save';
import saved_ from '@salesforce/label/c.Pandora_common_saved';
import tryAgain_ from '@salesforce/label/c.Pandora_common_tryAgain';
import waitAbout_ from '@salesforce/label/c.Pandora_common_waitAbout';

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
    off: off_,
    on: on_,
    refresh: refresh_,
    remove: remove_,
    save: save_,
    saved: saved_,
    tryAgain: tryAgain_,
    waitAbout: waitAbout_
};
