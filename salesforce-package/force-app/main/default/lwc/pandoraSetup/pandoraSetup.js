import { LightningElement } from 'lwc'; export default class PandoraSetup extends LightningElement {}
