import after_ from '@salesforce/label/c.Pandora_scoring_after';
import allZero_ from '@salesforce/label/c.Pandora_scoring_allZero';
import before_ from '@salesforce/label/c.Pandora_scoring_before';
import effect_ from '@salesforce/label/c.Pandora_scoring_effect';
import effectNone_ from '@salesforce/label/c.Pandora_scoring_effectNone';
import effectRecords_ from '@salesforce/label/c.Pandora_scoring_effectRecords';
import hint_ from '@salesforce/label/c.Pandora_scoring_hint';
import hintDays_ from '@salesforce/label/c.Pandora_scoring_hintDays';
import hintWeight_ from '@salesforce/label/c.Pandora_scoring_hintWeight';
import intro_ from '@salesforce/label/c.Pandora_scoring_intro';
import limits_ from '@salesforce/label/c.Pandora_scoring_limits';
import mean_ from '@salesforce/label/c.Pandora_scoring_mean';
import meanFromTo_ from '@salesforce/label/c.Pandora_scoring_meanFromTo';
import movesMost_ from '@salesforce/label/c.Pandora_scoring_movesMost';
import numberFault_ from '@salesforce/label/c.Pandora_scoring_numberFault';
import orderFault_ from '@salesforce/label/c.Pandora_scoring_orderFault';
import preview_ from '@salesforce/label/c.Pandora_scoring_preview';
import previewing_ from '@salesforce/label/c.Pandora_scoring_previewing';
import reset_ from '@salesforce/label/c.Pandora_scoring_reset';
import save_ from '@salesforce/label/c.Pandora_scoring_save';
import saved_ from '@salesforce/label/c.Pandora_scoring_saved';
import saveText_ from '@salesforce/label/c.Pandora_scoring_saveText';
import saveTitle_ from '@salesforce/label/c.Pandora_scoring_saveTitle';
import score_ from '@salesforce/label/c.Pandora_scoring_score';
import scoresDown_ from '@salesforce/label/c.Pandora_scoring_scoresDown';
import scoresUp_ from '@salesforce/label/c.Pandora_scoring_scoresUp';
import title_ from '@salesforce/label/c.Pandora_scoring_title';
import weights_ from '@salesforce/label/c.Pandora_scoring_weights';

export default {
    after: after_,
    allZero: allZero_,
    before: before_,
    effect: effect_,
    effectNone: effectNone_,
    effectRecords: effectRecords_,
    hint: hint_,
    hintDays: hintDays_,
    hintWeight: hintWeight_,
    intro: intro_,
    limits: limits_,
    mean: mean_,
    meanFromTo: meanFromTo_,
    movesMost: movesMost_,
    numberFault: numberFault_,
    orderFault: orderFault_,
    preview: preview_,
    previewing: previewing_,
    reset: reset_,
    save: save_,
    saved: saved_,
    saveText: saveText_,
    saveTitle: saveTitle_,
    score: score_,
    scoresDown: scoresDown_,
    scoresUp: scoresUp_,
    title: title_,
    weights: weights_
};
