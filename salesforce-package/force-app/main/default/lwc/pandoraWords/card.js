import analysed_ from '@salesforce/label/c.Pandora_card_analysed';
import atRisk_ from '@salesforce/label/c.Pandora_card_atRisk';
import down_ from '@salesforce/label/c.Pandora_card_down';
import excellent_ from '@salesforce/label/c.Pandora_card_excellent';
import facts_ from '@salesforce/label/c.Pandora_card_facts';
import fair_ from '@salesforce/label/c.Pandora_card_fair';
import findings_ from '@salesforce/label/c.Pandora_card_findings';
import good_ from '@salesforce/label/c.Pandora_card_good';
import loading_ from '@salesforce/label/c.Pandora_card_loading';
import neverWritten_ from '@salesforce/label/c.Pandora_card_neverWritten';
import notAnalysedText_ from '@salesforce/label/c.Pandora_card_notAnalysedText';
import notAnalysedTitle_ from '@salesforce/label/c.Pandora_card_notAnalysedTitle';
import notKnownText_ from '@salesforce/label/c.Pandora_card_notKnownText';
import notKnownTitle_ from '@salesforce/label/c.Pandora_card_notKnownTitle';
import pointsOf_ from '@salesforce/label/c.Pandora_card_pointsOf';
import readFromCrm_ from '@salesforce/label/c.Pandora_card_readFromCrm';
import reconnectNote_ from '@salesforce/label/c.Pandora_card_reconnectNote';
import same_ from '@salesforce/label/c.Pandora_card_same';
import scoreOf_ from '@salesforce/label/c.Pandora_card_scoreOf';
import title_ from '@salesforce/label/c.Pandora_card_title';
import trend_ from '@salesforce/label/c.Pandora_card_trend';
import trendPoint_ from '@salesforce/label/c.Pandora_card_trendPoint';
import up_ from '@salesforce/label/c.Pandora_card_up';
import whichScore_ from '@salesforce/label/c.Pandora_card_whichScore';
import why_ from '@salesforce/label/c.Pandora_card_why';
import written_ from '@salesforce/label/c.Pandora_card_written';
import writtenOn_ from '@salesforce/label/c.Pandora_card_writtenOn';

export default {
    analysed: analysed_,
    atRisk: atRisk_,
    down: down_,
    excellent: excellent_,
    facts: facts_,
    fair: fair_,
    findings: findings_,
    good: good_,
    loading: loading_,
    neverWritten: neverWritten_,
    notAnalysedText: notAnalysedText_,
    notAnalysedTitle: notAnalysedTitle_,
    notKnownText: notKnownText_,
    notKnownTitle: notKnownTitle_,
    pointsOf: pointsOf_,
    readFromCrm: readFromCrm_,
    reconnectNote: reconnectNote_,
    same: same_,
    scoreOf: scoreOf_,
    title: title_,
    trend: trend_,
    trendPoint: trendPoint_,
    up: up_,
    whichScore: whichScore_,
    why: why_,
    written: written_,
    writtenOn: writtenOn_
};
