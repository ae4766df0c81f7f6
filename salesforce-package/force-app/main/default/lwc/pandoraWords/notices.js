import created_deals_ from '@salesforce/label/c.Pandora_notices_created_deals';
import gap_alerts_ from '@salesforce/label/c.Pandora_notices_gap_alerts';
import mine_ from '@salesforce/label/c.Pandora_notices_mine';
import noMail_ from '@salesforce/label/c.Pandora_notices_noMail';
import problem_alerts_ from '@salesforce/label/c.Pandora_notices_problem_alerts';
import sync_reports_ from '@salesforce/label/c.Pandora_notices_sync_reports';
import title_ from '@salesforce/label/c.Pandora_notices_title';
import weekly_digest_ from '@salesforce/label/c.Pandora_notices_weekly_digest';
import workspace_ from '@salesforce/label/c.Pandora_notices_workspace';

export default {
    created_deals: created_deals_,
    gap_alerts: gap_alerts_,
    mine: mine_,
    noMail: noMail_,
    problem_alerts: problem_alerts_,
    sync_reports: sync_reports_,
    title: title_,
    weekly_digest: weekly_digest_,
    workspace: workspace_
};
