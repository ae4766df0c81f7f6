/** Only what the package uses of Lightning Data Service: that records changed. */
export async function notifyRecordUpdateAvailable(records) {
    window.dispatchEvent(new CustomEvent('preview-records-changed', { detail: records }));
}
