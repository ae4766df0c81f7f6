import access_key_ from '@salesforce/label/c.Pandora_sources_access_key';
import access_key_secret_ from '@salesforce/label/c.Pandora_sources_access_key_secret';
import account_id_ from '@salesforce/label/c.Pandora_sources_account_id';
import add_ from '@salesforce/label/c.Pandora_sources_add';
import address_ from '@salesforce/label/c.Pandora_sources_address';
import api_key_ from '@salesforce/label/c.Pandora_sources_api_key';
import base_url_ from '@salesforce/label/c.Pandora_sources_base_url';
import client_id_ from '@salesforce/label/c.Pandora_sources_client_id';
import client_secret_ from '@salesforce/label/c.Pandora_sources_client_secret';
import deleteText_ from '@salesforce/label/c.Pandora_sources_deleteText';
import deleteTitle_ from '@salesforce/label/c.Pandora_sources_deleteTitle';
import hook_secret_ from '@salesforce/label/c.Pandora_sources_hook_secret';
import kind_ from '@salesforce/label/c.Pandora_sources_kind';
import lastSeen_ from '@salesforce/label/c.Pandora_sources_lastSeen';
import name_ from '@salesforce/label/c.Pandora_sources_name';
import never_ from '@salesforce/label/c.Pandora_sources_never';
import none_ from '@salesforce/label/c.Pandora_sources_none';
import noneText_ from '@salesforce/label/c.Pandora_sources_noneText';
import pause_ from '@salesforce/label/c.Pandora_sources_pause';
import public_key_ from '@salesforce/label/c.Pandora_sources_public_key';
import received_ from '@salesforce/label/c.Pandora_sources_received';
import resume_ from '@salesforce/label/c.Pandora_sources_resume';
import secretKeep_ from '@salesforce/label/c.Pandora_sources_secretKeep';
import secretOnce_ from '@salesforce/label/c.Pandora_sources_secretOnce';
import test_ from '@salesforce/label/c.Pandora_sources_test';
import title_ from '@salesforce/label/c.Pandora_sources_title';

export default {
    access_key: access_key_,
    access_key_secret: access_key_secret_,
    account_id: account_id_,
    add: add_,
    address: address_,
    api_key: api_key_,
    base_url: base_url_,
    client_id: client_id_,
    client_secret: client_secret_,
    deleteText: deleteText_,
    deleteTitle: deleteTitle_,
    hook_secret: hook_secret_,
    kind: kind_,
    lastSeen: lastSeen_,
    name: name_,
    never: never_,
    none: none_,
    noneText: noneText_,
    pause: pause_,
    public_key: public_key_,
    received: received_,
    resume: resume_,
    secretKeep: secretKeep_,
    secretOnce: secretOnce_,
    test: test_,
    title: title_
};
