import closed_ from '@salesforce/label/c.Pandora_link_closed';
import done_ from '@salesforce/label/c.Pandora_link_done';
import hidden_ from '@salesforce/label/c.Pandora_link_hidden';
import link_ from '@salesforce/label/c.Pandora_link_link';
import linkTo_ from '@salesforce/label/c.Pandora_link_linkTo';
import nothingFound_ from '@salesforce/label/c.Pandora_link_nothingFound';
import search_ from '@salesforce/label/c.Pandora_link_search';
import searchHint_ from '@salesforce/label/c.Pandora_link_searchHint';
import suggested_ from '@salesforce/label/c.Pandora_link_suggested';
import text_ from '@salesforce/label/c.Pandora_link_text';
import title_ from '@salesforce/label/c.Pandora_link_title';

export default {
    closed: closed_,
    done: done_,
    hidden: hidden_,
    link: link_,
    linkTo: linkTo_,
    nothingFound: nothingFound_,
    search: search_,
    searchHint: searchHint_,
    suggested: suggested_,
    text: text_,
    title: title_
};
