import busyText_ from '@salesforce/label/c.Pandora_failures_busyText';
import busyTitle_ from '@salesforce/label/c.Pandora_failures_busyTitle';
import conflictText_ from '@salesforce/label/c.Pandora_failures_conflictText';
import conflictTitle_ from '@salesforce/label/c.Pandora_failures_conflictTitle';
import crmBusyText_ from '@salesforce/label/c.Pandora_failures_crmBusyText';
import crmBusyTitle_ from '@salesforce/label/c.Pandora_failures_crmBusyTitle';
import downText_ from '@salesforce/label/c.Pandora_failures_downText';
import downTitle_ from '@salesforce/label/c.Pandora_failures_downTitle';
import noPermissionText_ from '@salesforce/label/c.Pandora_failures_noPermissionText';
import noPermissionTitle_ from '@salesforce/label/c.Pandora_failures_noPermissionTitle';
import notConnectedText_ from '@salesforce/label/c.Pandora_failures_notConnectedText';
import notConnectedTitle_ from '@salesforce/label/c.Pandora_failures_notConnectedTitle';
import notFoundText_ from '@salesforce/label/c.Pandora_failures_notFoundText';
import notFoundTitle_ from '@salesforce/label/c.Pandora_failures_notFoundTitle';
import reconnectText_ from '@salesforce/label/c.Pandora_failures_reconnectText';
import reconnectTitle_ from '@salesforce/label/c.Pandora_failures_reconnectTitle';
import refusedText_ from '@salesforce/label/c.Pandora_failures_refusedText';
import refusedTitle_ from '@salesforce/label/c.Pandora_failures_refusedTitle';
import slowText_ from '@salesforce/label/c.Pandora_failures_slowText';
import slowTitle_ from '@salesforce/label/c.Pandora_failures_slowTitle';
import unprovenText_ from '@salesforce/label/c.Pandora_failures_unprovenText';
import unprovenTitle_ from '@salesforce/label/c.Pandora_failures_unprovenTitle';

export default {
    busyText: busyText_,
    busyTitle: busyTitle_,
    conflictText: conflictText_,
    conflictTitle: conflictTitle_,
    crmBusyText: crmBusyText_,
    crmBusyTitle: crmBusyTitle_,
    downText: downText_,
    downTitle: downTitle_,
    noPermissionText: noPermissionText_,
    noPermissionTitle: noPermissionTitle_,
    notConnectedText: notConnectedText_,
    notConnectedTitle: notConnectedTitle_,
    notFoundText: notFoundText_,
    notFoundTitle: notFoundTitle_,
    reconnectText: reconnectText_,
    reconnectTitle: reconnectTitle_,
    refusedText: refusedText_,
    refusedTitle: refusedTitle_,
    slowText: slowText_,
    slowTitle: slowTitle_,
    unprovenText: unprovenText_,
    unprovenTitle: unprovenTitle_
};
