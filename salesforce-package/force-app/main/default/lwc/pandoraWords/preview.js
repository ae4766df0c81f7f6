import after_ from '@salesforce/label/c.Pandora_preview_after';
import before_ from '@salesforce/label/c.Pandora_preview_before';
import blank_ from '@salesforce/label/c.Pandora_preview_blank';
import intro_ from '@salesforce/label/c.Pandora_preview_intro';
import noChange_ from '@salesforce/label/c.Pandora_preview_noChange';
import nothingFound_ from '@salesforce/label/c.Pandora_preview_nothingFound';
import sample_ from '@salesforce/label/c.Pandora_preview_sample';
import search_ from '@salesforce/label/c.Pandora_preview_search';
import searchHint_ from '@salesforce/label/c.Pandora_preview_searchHint';
import waiting_ from '@salesforce/label/c.Pandora_preview_waiting';

export default {
    after: after_,
    before: before_,
    blank: blank_,
    intro: intro_,
    noChange: noChange_,
    nothingFound: nothingFound_,
    sample: sample_,
    search: search_,
    searchHint: searchHint_,
    waiting: waiting_
};
