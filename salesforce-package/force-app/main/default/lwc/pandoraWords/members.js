import add_ from '@salesforce/label/c.Pandora_members_add';
import deleteText_ from '@salesforce/label/c.Pandora_members_deleteText';
import deleteTitle_ from '@salesforce/label/c.Pandora_members_deleteTitle';
import email_ from '@salesforce/label/c.Pandora_members_email';
import emailFault_ from '@salesforce/label/c.Pandora_members_emailFault';
import fromAdmin_ from '@salesforce/label/c.Pandora_members_fromAdmin';
import fromCrm_ from '@salesforce/label/c.Pandora_members_fromCrm';
import fromInstall_ from '@salesforce/label/c.Pandora_members_fromInstall';
import intro_ from '@salesforce/label/c.Pandora_members_intro';
import name_ from '@salesforce/label/c.Pandora_members_name';
import role_ from '@salesforce/label/c.Pandora_members_role';
import roleOf_ from '@salesforce/label/c.Pandora_members_roleOf';
import title_ from '@salesforce/label/c.Pandora_members_title';

export default {
    add: add_,
    deleteText: deleteText_,
    deleteTitle: deleteTitle_,
    email: email_,
    emailFault: emailFault_,
    fromAdmin: fromAdmin_,
    fromCrm: fromCrm_,
    fromInstall: fromInstall_,
    intro: intro_,
    name: name_,
    role: role_,
    roleOf: roleOf_,
    title: title_
};
