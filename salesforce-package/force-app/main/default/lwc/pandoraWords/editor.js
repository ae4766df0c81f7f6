import condition_ from '@salesforce/label/c.Pandora_editor_condition';
import conditionAbove_ from '@salesforce/label/c.Pandora_editor_conditionAbove';
import conditionAdd_ from '@salesforce/label/c.Pandora_editor_conditionAdd';
import conditionBelow_ from '@salesforce/label/c.Pandora_editor_conditionBelow';
import conditionBlank_ from '@salesforce/label/c.Pandora_editor_conditionBlank';
import conditionChanged_ from '@salesforce/label/c.Pandora_editor_conditionChanged';
import conditionNot_ from '@salesforce/label/c.Pandora_editor_conditionNot';
import conditionValue_ from '@salesforce/label/c.Pandora_editor_conditionValue';
import confirmDuplicate_ from '@salesforce/label/c.Pandora_editor_confirmDuplicate';
import create_ from '@salesforce/label/c.Pandora_editor_create';
import createDo_ from '@salesforce/label/c.Pandora_editor_createDo';
import createLabel_ from '@salesforce/label/c.Pandora_editor_createLabel';
import createName_ from '@salesforce/label/c.Pandora_editor_createName';
import createNameFault_ from '@salesforce/label/c.Pandora_editor_createNameFault';
import createType_ from '@salesforce/label/c.Pandora_editor_createType';
import digits_ from '@salesforce/label/c.Pandora_editor_digits';
import field_ from '@salesforce/label/c.Pandora_editor_field';
import keepEdits_ from '@salesforce/label/c.Pandora_editor_keepEdits';
import maxEntries_ from '@salesforce/label/c.Pandora_editor_maxEntries';
import mode_ from '@salesforce/label/c.Pandora_editor_mode';
import noProperty_ from '@salesforce/label/c.Pandora_editor_noProperty';
import numberFault_ from '@salesforce/label/c.Pandora_editor_numberFault';
import object_ from '@salesforce/label/c.Pandora_editor_object';
import openOnly_ from '@salesforce/label/c.Pandora_editor_openOnly';
import owners_ from '@salesforce/label/c.Pandora_editor_owners';
import ownersAll_ from '@salesforce/label/c.Pandora_editor_ownersAll';
import ownersChosen_ from '@salesforce/label/c.Pandora_editor_ownersChosen';
import preview_ from '@salesforce/label/c.Pandora_editor_preview';
import property_ from '@salesforce/label/c.Pandora_editor_property';
import propertyMissing_ from '@salesforce/label/c.Pandora_editor_propertyMissing';
import recordTypes_ from '@salesforce/label/c.Pandora_editor_recordTypes';
import rules_ from '@salesforce/label/c.Pandora_editor_rules';
import saveAndSync_ from '@salesforce/label/c.Pandora_editor_saveAndSync';
import schedule_ from '@salesforce/label/c.Pandora_editor_schedule';
import scheduleFault_ from '@salesforce/label/c.Pandora_editor_scheduleFault';
import scheduleHint_ from '@salesforce/label/c.Pandora_editor_scheduleHint';
import separator_ from '@salesforce/label/c.Pandora_editor_separator';
import separatorBlank_ from '@salesforce/label/c.Pandora_editor_separatorBlank';
import separatorLine_ from '@salesforce/label/c.Pandora_editor_separatorLine';
import separatorNone_ from '@salesforce/label/c.Pandora_editor_separatorNone';
import skipRead_ from '@salesforce/label/c.Pandora_editor_skipRead';
import stamp_ from '@salesforce/label/c.Pandora_editor_stamp';
import stampNone_ from '@salesforce/label/c.Pandora_editor_stampNone';
import stampPrefix_ from '@salesforce/label/c.Pandora_editor_stampPrefix';
import stampSuffix_ from '@salesforce/label/c.Pandora_editor_stampSuffix';
import taken_ from '@salesforce/label/c.Pandora_editor_taken';
import titleEdit_ from '@salesforce/label/c.Pandora_editor_titleEdit';
import titleNew_ from '@salesforce/label/c.Pandora_editor_titleNew';
import transform_ from '@salesforce/label/c.Pandora_editor_transform';
import transformAdd_ from '@salesforce/label/c.Pandora_editor_transformAdd';
import transformCut_ from '@salesforce/label/c.Pandora_editor_transformCut';
import transformDate_ from '@salesforce/label/c.Pandora_editor_transformDate';
import transformLabel_ from '@salesforce/label/c.Pandora_editor_transformLabel';
import transformNot_ from '@salesforce/label/c.Pandora_editor_transformNot';
import transformRound_ from '@salesforce/label/c.Pandora_editor_transformRound';
import transformUpper_ from '@salesforce/label/c.Pandora_editor_transformUpper';
import transformValue_ from '@salesforce/label/c.Pandora_editor_transformValue';
import trigger_ from '@salesforce/label/c.Pandora_editor_trigger';
import whenEmpty_ from '@salesforce/label/c.Pandora_editor_whenEmpty';
import which_ from '@salesforce/label/c.Pandora_editor_which';

export default {
    condition: condition_,
    conditionAbove: conditionAbove_,
    conditionAdd: conditionAdd_,
    conditionBelow: conditionBelow_,
    conditionBlank: conditionBlank_,
    conditionChanged: conditionChanged_,
    conditionNot: conditionNot_,
    conditionValue: conditionValue_,
    confirmDuplicate: confirmDuplicate_,
    create: create_,
    createDo: createDo_,
    createLabel: createLabel_,
    createName: createName_,
    createNameFault: createNameFault_,
    createType: createType_,
    digits: digits_,
    field: field_,
    keepEdits: keepEdits_,
    maxEntries: maxEntries_,
    mode: mode_,
    noProperty: noProperty_,
    numberFault: numberFault_,
    object: object_,
    openOnly: openOnly_,
    owners: owners_,
    ownersAll: ownersAll_,
    ownersChosen: ownersChosen_,
    preview: preview_,
    property: property_,
    propertyMissing: propertyMissing_,
    recordTypes: recordTypes_,
    rules: rules_,
    saveAndSync: saveAndSync_,
    schedule: schedule_,
    scheduleFault: scheduleFault_,
    scheduleHint: scheduleHint_,
    separator: separator_,
    separatorBlank: separatorBlank_,
    separatorLine: separatorLine_,
    separatorNone: separatorNone_,
    skipRead: skipRead_,
    stamp: stamp_,
    stampNone: stampNone_,
    stampPrefix: stampPrefix_,
    stampSuffix: stampSuffix_,
    taken: taken_,
    titleEdit: titleEdit_,
    titleNew: titleNew_,
    transform: transform_,
    transformAdd: transformAdd_,
    transformCut: transformCut_,
    transformDate: transformDate_,
    transformLabel: transformLabel_,
    transformNot: transformNot_,
    transformRound: transformRound_,
    transformUpper: transformUpper_,
    transformValue: transformValue_,
    trigger: trigger_,
    whenEmpty: whenEmpty_,
    which: which_
};
