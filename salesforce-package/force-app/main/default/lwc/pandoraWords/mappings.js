import active_ from '@salesforce/label/c.Pandora_mappings_active';
import activeOf_ from '@salesforce/label/c.Pandora_mappings_activeOf';
import adopt_ from '@salesforce/label/c.Pandora_mappings_adopt';
import adopted_ from '@salesforce/label/c.Pandora_mappings_adopted';
import adoptText_ from '@salesforce/label/c.Pandora_mappings_adoptText';
import adoptTitle_ from '@salesforce/label/c.Pandora_mappings_adoptTitle';
import applied_ from '@salesforce/label/c.Pandora_mappings_applied';
import appliedDone_ from '@salesforce/label/c.Pandora_mappings_appliedDone';
import apply_ from '@salesforce/label/c.Pandora_mappings_apply';
import applyNamed_ from '@salesforce/label/c.Pandora_mappings_applyNamed';
import createsField_ from '@salesforce/label/c.Pandora_mappings_createsField';
import deleted_ from '@salesforce/label/c.Pandora_mappings_deleted';
import deleteText_ from '@salesforce/label/c.Pandora_mappings_deleteText';
import deleteTitle_ from '@salesforce/label/c.Pandora_mappings_deleteTitle';
import field_ from '@salesforce/label/c.Pandora_mappings_field';
import intro_ from '@salesforce/label/c.Pandora_mappings_intro';
import lastResult_ from '@salesforce/label/c.Pandora_mappings_lastResult';
import mode_ from '@salesforce/label/c.Pandora_mappings_mode';
import neverSynced_ from '@salesforce/label/c.Pandora_mappings_neverSynced';
import new_ from '@salesforce/label/c.Pandora_mappings_new';
import none_ from '@salesforce/label/c.Pandora_mappings_none';
import noneText_ from '@salesforce/label/c.Pandora_mappings_noneText';
import saved_ from '@salesforce/label/c.Pandora_mappings_saved';
import syncedAgo_ from '@salesforce/label/c.Pandora_mappings_syncedAgo';
import syncNow_ from '@salesforce/label/c.Pandora_mappings_syncNow';
import target_ from '@salesforce/label/c.Pandora_mappings_target';
import templates_ from '@salesforce/label/c.Pandora_mappings_templates';
import templatesText_ from '@salesforce/label/c.Pandora_mappings_templatesText';
import test_ from '@salesforce/label/c.Pandora_mappings_test';
import testIntro_ from '@salesforce/label/c.Pandora_mappings_testIntro';
import testNotWritten_ from '@salesforce/label/c.Pandora_mappings_testNotWritten';
import testOpen_ from '@salesforce/label/c.Pandora_mappings_testOpen';
import testTitle_ from '@salesforce/label/c.Pandora_mappings_testTitle';
import testWrite_ from '@salesforce/label/c.Pandora_mappings_testWrite';
import testWritten_ from '@salesforce/label/c.Pandora_mappings_testWritten';
import title_ from '@salesforce/label/c.Pandora_mappings_title';
import trigger_ from '@salesforce/label/c.Pandora_mappings_trigger';

export default {
    active: active_,
    activeOf: activeOf_,
    adopt: adopt_,
    adopted: adopted_,
    adoptText: adoptText_,
    adoptTitle: adoptTitle_,
    applied: applied_,
    appliedDone: appliedDone_,
    apply: apply_,
    applyNamed: applyNamed_,
    createsField: createsField_,
    deleted: deleted_,
    deleteText: deleteText_,
    deleteTitle: deleteTitle_,
    field: field_,
    intro: intro_,
    lastResult: lastResult_,
    mode: mode_,
    neverSynced: neverSynced_,
    new: new_,
    none: none_,
    noneText: noneText_,
    saved: saved_,
    syncedAgo: syncedAgo_,
    syncNow: syncNow_,
    target: target_,
    templates: templates_,
    templatesText: templatesText_,
    test: test_,
    testIntro: testIntro_,
    testNotWritten: testNotWritten_,
    testOpen: testOpen_,
    testTitle: testTitle_,
    testWrite: testWrite_,
    testWritten: testWritten_,
    title: title_,
    trigger: trigger_
};
