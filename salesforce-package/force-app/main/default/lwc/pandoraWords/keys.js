import add_ from '@salesforce/label/c.Pandora_keys_add';
import beginsWith_ from '@salesforce/label/c.Pandora_keys_beginsWith';
import intro_ from '@salesforce/label/c.Pandora_keys_intro';
import key_ from '@salesforce/label/c.Pandora_keys_key';
import lastUsed_ from '@salesforce/label/c.Pandora_keys_lastUsed';
import lost_ from '@salesforce/label/c.Pandora_keys_lost';
import madeText_ from '@salesforce/label/c.Pandora_keys_madeText';
import madeTitle_ from '@salesforce/label/c.Pandora_keys_madeTitle';
import name_ from '@salesforce/label/c.Pandora_keys_name';
import nameFault_ from '@salesforce/label/c.Pandora_keys_nameFault';
import never_ from '@salesforce/label/c.Pandora_keys_never';
import none_ from '@salesforce/label/c.Pandora_keys_none';
import revoke_ from '@salesforce/label/c.Pandora_keys_revoke';
import revokedAgo_ from '@salesforce/label/c.Pandora_keys_revokedAgo';
import revokeNamed_ from '@salesforce/label/c.Pandora_keys_revokeNamed';
import revokeText_ from '@salesforce/label/c.Pandora_keys_revokeText';
import revokeTitle_ from '@salesforce/label/c.Pandora_keys_revokeTitle';
import role_ from '@salesforce/label/c.Pandora_keys_role';
import title_ from '@salesforce/label/c.Pandora_keys_title';

export default {
    add: add_,
    beginsWith: beginsWith_,
    intro: intro_,
    key: key_,
    lastUsed: lastUsed_,
    lost: lost_,
    madeText: madeText_,
    madeTitle: madeTitle_,
    name: name_,
    nameFault: nameFault_,
    never: never_,
    none: none_,
    revoke: revoke_,
    revokedAgo: revokedAgo_,
    revokeNamed: revokeNamed_,
    revokeText: revokeText_,
    revokeTitle: revokeTitle_,
    role: role_,
    title: title_
};
