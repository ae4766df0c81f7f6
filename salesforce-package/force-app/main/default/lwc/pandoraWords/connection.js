import alerts_ from '@salesforce/label/c.Pandora_connection_alerts';
import allSet_ from '@salesforce/label/c.Pandora_connection_allSet';
import connect_ from '@salesforce/label/c.Pandora_connection_connect';
import connectHint_ from '@salesforce/label/c.Pandora_connection_connectHint';
import connectText_ from '@salesforce/label/c.Pandora_connection_connectText';
import currency_ from '@salesforce/label/c.Pandora_connection_currency';
import deleteData_ from '@salesforce/label/c.Pandora_connection_deleteData';
import disconnect_ from '@salesforce/label/c.Pandora_connection_disconnect';
import disconnected_ from '@salesforce/label/c.Pandora_connection_disconnected';
import disconnectText_ from '@salesforce/label/c.Pandora_connection_disconnectText';
import disconnectTitle_ from '@salesforce/label/c.Pandora_connection_disconnectTitle';
import import_ from '@salesforce/label/c.Pandora_connection_import';
import importDone_ from '@salesforce/label/c.Pandora_connection_importDone';
import importFailed_ from '@salesforce/label/c.Pandora_connection_importFailed';
import importRunning_ from '@salesforce/label/c.Pandora_connection_importRunning';
import importWaiting_ from '@salesforce/label/c.Pandora_connection_importWaiting';
import look_ from '@salesforce/label/c.Pandora_connection_look';
import missing_ from '@salesforce/label/c.Pandora_connection_missing';
import noAlerts_ from '@salesforce/label/c.Pandora_connection_noAlerts';
import org_ from '@salesforce/label/c.Pandora_connection_org';
import owners_ from '@salesforce/label/c.Pandora_connection_owners';
import quiet_ from '@salesforce/label/c.Pandora_connection_quiet';
import reconnect_ from '@salesforce/label/c.Pandora_connection_reconnect';
import since_ from '@salesforce/label/c.Pandora_connection_since';
import stages_ from '@salesforce/label/c.Pandora_connection_stages';
import status_ from '@salesforce/label/c.Pandora_connection_status';
import steps_ from '@salesforce/label/c.Pandora_connection_steps';
import title_ from '@salesforce/label/c.Pandora_connection_title';
import zone_ from '@salesforce/label/c.Pandora_connection_zone';

export default {
    alerts: alerts_,
    allSet: allSet_,
    connect: connect_,
    connectHint: connectHint_,
    connectText: connectText_,
    currency: currency_,
    deleteData: deleteData_,
    disconnect: disconnect_,
    disconnected: disconnected_,
    disconnectText: disconnectText_,
    disconnectTitle: disconnectTitle_,
    import: import_,
    importDone: importDone_,
    importFailed: importFailed_,
    importRunning: importRunning_,
    importWaiting: importWaiting_,
    look: look_,
    missing: missing_,
    noAlerts: noAlerts_,
    org: org_,
    owners: owners_,
    quiet: quiet_,
    reconnect: reconnect_,
    since: since_,
    stages: stages_,
    status: status_,
    steps: steps_,
    title: title_,
    zone: zone_
};
