import connection_ from '@salesforce/label/c.Pandora_setup_connection';
import gaps_ from '@salesforce/label/c.Pandora_setup_gaps';
import log_ from '@salesforce/label/c.Pandora_setup_log';
import mappings_ from '@salesforce/label/c.Pandora_setup_mappings';
import notices_ from '@salesforce/label/c.Pandora_setup_notices';
import people_ from '@salesforce/label/c.Pandora_setup_people';
import scoring_ from '@salesforce/label/c.Pandora_setup_scoring';
import sources_ from '@salesforce/label/c.Pandora_setup_sources';
import sync_ from '@salesforce/label/c.Pandora_setup_sync';
import title_ from '@salesforce/label/c.Pandora_setup_title';

export default {
    connection: connection_,
    gaps: gaps_,
    log: log_,
    mappings: mappings_,
    notices: notices_,
    people: people_,
    scoring: scoring_,
    sources: sources_,
    sync: sync_,
    title: title_
};
